package dev.caisson.image.tar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** RFC 1952, strictly; and bombs. */
class GzipInputTest {
  private static final byte[] ONE = gzip("one".getBytes());
  private static final byte[] TWO = gzip("two".getBytes());

  @Test
  void membersFollowOneAnother() throws IOException {
    assertEquals("onetwo", new String(inflate(concat(ONE, TWO))));
    assertEquals("one", new String(inflate(concat(ONE, new byte[700]))));
  }

  @Test
  void garbageAfterTheLastMemberIsRefused() {
    refused("garbage follows the gzip data", concat(ONE, "more".getBytes()));
    refused("garbage follows the gzip data", concat(ONE, new byte[600], new byte[] {1}));
    refused("garbage follows the gzip data", concat(ONE, new byte[600], TWO));
  }

  @Test
  void damageIsRefused() {
    refused("this is no gzip data", "plain text".getBytes());
    refused("ends within a member", Arrays.copyOf(ONE, ONE.length - 1));
    refused("ends within a member", Arrays.copyOf(ONE, 15));
    refused("CRC is wrong", flipped(ONE, ONE.length - 8));
    refused("length is wrong", flipped(ONE, ONE.length - 1));
    refused("reserved flags", flipped(ONE, 3, 0x80));
    refused("unknown method", flipped(ONE, 2));
  }

  @Test
  void aBombIsStopped() {
    byte[] bomb = gzip(new byte[(int) ArchiveLimits.RATIO_FREE + (1 << 20)]);
    refused("more than 200 times its length", bomb);
    ArchiveLimits small = new ArchiveLimits(1, 1000, 200, 10, 1, 1, 1);
    ArchiveProblem problem =
        assertThrows(ArchiveProblem.class, () -> inflate(gzip(new byte[2000]), small));
    assertEquals("the layer inflates to more than 1000 bytes", problem.getMessage());
  }

  @Test
  void ourOwnGzipIsRead() throws IOException {
    byte[] content = "caisson ".repeat(10_000).getBytes();
    assertEquals(new String(content), new String(inflate(GzipWriter.compress(content))));
  }

  private static byte[] inflate(byte[] gzip) throws IOException {
    return inflate(gzip, ArchiveLimits.DEFAULT);
  }

  private static byte[] inflate(byte[] gzip, ArchiveLimits limits) throws IOException {
    try (GzipInput in = new GzipInput(new ByteArrayInputStream(gzip))) {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      return new BoundedInput(in, hash, limits, () -> gzip.length).readAllBytes();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(String reason, byte[] gzip) {
    ArchiveProblem problem = assertThrows(ArchiveProblem.class, () -> inflate(gzip));
    assertTrue(String.valueOf(problem.getMessage()).contains(reason), problem::getMessage);
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static byte[] flipped(byte[] bytes, int at) {
    return flipped(bytes, at, 1);
  }

  private static byte[] flipped(byte[] bytes, int at, int bits) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) bits;
    return changed;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
