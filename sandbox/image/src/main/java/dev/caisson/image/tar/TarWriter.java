package dev.caisson.image.tar;

import dev.caisson.UnixPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a ustar archive that depends on nothing but its arguments: all files are root's and of the
 * same time. Names that do not fit get a pax header.
 */
public final class TarWriter {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final int NAME = 100;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final long seconds;

  /**
   * @param seconds the time of last modification of everything, since 1970
   */
  public TarWriter(long seconds) {
    this.seconds = seconds;
  }

  public void directory(UnixPath name, int permissions) {
    entry(TarKind.DIRECTORY, name.resolve(""), permissions, UnixPath.of(""), new byte[0]);
  }

  public void file(UnixPath name, int permissions, byte[] content) {
    entry(TarKind.REGULAR, name, permissions, UnixPath.of(""), content);
  }

  public void symlink(UnixPath name, UnixPath target) {
    entry(TarKind.SYMLINK, name, 0777, target, new byte[0]);
  }

  /** Writes an entry as it is told, sensible or not; devices have the number 0:0. */
  public void entry(TarKind kind, UnixPath name, int permissions, UnixPath link, byte[] content) {
    if (name.bytes().length > NAME || link.bytes().length > NAME) {
      ByteArrayOutputStream records = new ByteArrayOutputStream();
      record(records, "path", name.bytes());
      if (link.bytes().length > 0) {
        record(records, "linkpath", link.bytes());
      }
      header('x', shortened(name), 0644, UnixPath.of(""), records.size());
      content(records.toByteArray());
    }
    header(kind.flag(), shortened(name), permissions, shortened(link), content.length);
    content(content);
  }

  /** Ends the archive. */
  public byte[] finish() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static UnixPath shortened(UnixPath name) {
    byte[] bytes = name.bytes();
    return UnixPath.of(Arrays.copyOf(bytes, Math.min(bytes.length, NAME)));
  }

  private static void record(ByteArrayOutputStream out, String key, byte[] value) {
    int rest = 1 + key.length() + 1 + value.length + 1;
    int length = rest;
    while (length != rest + Integer.toString(length).length()) {
      length = rest + Integer.toString(length).length();
    }
    out.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(value);
    out.write('\n');
  }

  private void header(char flag, UnixPath name, int permissions, UnixPath link, long size) {
    byte[] block = new byte[BLOCK];
    put(block, 0, name.bytes());
    put(block, 100, octal(permissions, 7));
    put(block, 108, octal(0, 7));
    put(block, 116, octal(0, 7));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(seconds, 11));
    put(block, 148, "        ".getBytes(StandardCharsets.US_ASCII));
    block[156] = (byte) flag;
    put(block, 157, link.bytes());
    put(block, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    put(block, 329, octal(0, 7));
    put(block, 337, octal(0, 7));
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, octal(sum, 6));
    block[154] = 0;
    block[155] = ' ';
    out.writeBytes(block);
  }

  private void content(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] block, int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  private static byte[] octal(long value, int digits) {
    String text = Long.toOctalString(value);
    return ("0".repeat(digits - text.length()) + text).getBytes(StandardCharsets.US_ASCII);
  }
}
