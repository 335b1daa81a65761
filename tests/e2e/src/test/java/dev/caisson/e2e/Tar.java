package dev.caisson.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes tar archives with what no tool packs on its own accord, such as device nodes. */
final class Tar {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Tar directory(String name) {
    return entry('5', name, "", "", 0, 0);
  }

  Tar file(String name, String content) {
    return entry('0', name, "", content, 0, 0);
  }

  Tar symlink(String name, String target) {
    return entry('2', name, target, "", 0, 0);
  }

  Tar hardLink(String name, String target) {
    return entry('1', name, target, "", 0, 0);
  }

  Tar blockDevice(String name, int major, int minor) {
    return entry('4', name, "", "", major, minor);
  }

  private Tar entry(char flag, String name, String link, String content, int major, int minor) {
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    byte[] block = new byte[BLOCK];
    text(block, 0, name);
    number(block, 100, 8, 0755);
    number(block, 108, 8, 0);
    number(block, 116, 8, 0);
    number(block, 124, 12, body.length);
    number(block, 136, 12, 0);
    text(block, 148, "        ");
    block[156] = (byte) flag;
    text(block, 157, link);
    text(block, 257, "ustar\00000");
    number(block, 329, 8, major);
    number(block, 337, 8, minor);
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    number(block, 148, 8, sum);
    out.writeBytes(block);
    out.writeBytes(body);
    out.writeBytes(new byte[(BLOCK - body.length % BLOCK) % BLOCK]);
    return this;
  }

  byte[] finish() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static void number(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    text(block, offset, "0".repeat(length - 1 - digits.length()) + digits);
  }

  private static void text(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }
}
