package dev.caisson.image.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes archives as no honest tool would, header by header. */
public final class RawTar {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public RawTar directory(String name, int permissions) {
    return entry('5', name, permissions, "", new byte[0], block -> {});
  }

  public RawTar file(String name, String content) {
    return entry('0', name, 0644, "", utf8(content), block -> {});
  }

  public RawTar symlink(String name, String target) {
    return entry('2', name, 0777, target, new byte[0], block -> {});
  }

  public RawTar hardLink(String name, String target) {
    return entry('1', name, 0644, target, new byte[0], block -> {});
  }

  public RawTar device(char flag, String name, int major, int minor) {
    return entry(
        flag,
        name,
        0666,
        "",
        new byte[0],
        block -> {
          number(block, 329, 8, major);
          number(block, 337, 8, minor);
        });
  }

  /** A pax header for the next entry: keys and values in turn. */
  public RawTar pax(String... records) {
    return pax('x', records);
  }

  public RawTar globalPax(String... records) {
    return pax('g', records);
  }

  private RawTar pax(char flag, String... records) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < records.length; i += 2) {
      int rest = 3 + utf8(records[i] + records[i + 1]).length;
      int length = rest;
      while (length != rest + Integer.toString(length).length()) {
        length = rest + Integer.toString(length).length();
      }
      text.append(length).append(' ').append(records[i]).append('=').append(records[i + 1]);
      text.append('\n');
    }
    return entry(flag, "pax", 0644, "", utf8(text.toString()), block -> {});
  }

  /** Any entry; {@code change} may edit its header before the checksum is made. */
  public RawTar entry(
      char flag,
      String name,
      int permissions,
      String link,
      byte[] content,
      Consumer<byte[]> change) {
    byte[] block = new byte[BLOCK];
    put(block, 0, utf8(name), 100);
    number(block, 100, 8, permissions);
    number(block, 108, 8, 0);
    number(block, 116, 8, 0);
    number(block, 124, 12, content.length);
    number(block, 136, 12, 1_000_000_000);
    block[156] = (byte) flag;
    put(block, 157, utf8(link), 100);
    put(block, 257, utf8("ustar\00000"), 8);
    change.accept(block);
    return header(checksummed(block)).content(content);
  }

  /** A block as it is. */
  public RawTar header(byte[] block) {
    out.writeBytes(block);
    return this;
  }

  /** The last header again with another byte, so that its checksum is wrong. */
  public RawTar flip(int offset) {
    byte[] bytes = out.toByteArray();
    bytes[offset] ^= 1;
    out.reset();
    out.writeBytes(bytes);
    return this;
  }

  private RawTar content(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  public byte[] finish() {
    byte[] bytes = unfinished();
    return Arrays.copyOf(bytes, bytes.length + 2 * BLOCK);
  }

  public byte[] unfinished() {
    return out.toByteArray();
  }

  private static byte[] checksummed(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    number(block, 148, 8, sum);
    return block;
  }

  private static void number(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    put(block, offset, utf8("0".repeat(length - 1 - digits.length()) + digits), length);
  }

  private static void put(byte[] block, int offset, byte[] bytes, int most) {
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, most));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
