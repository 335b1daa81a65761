package dev.caisson.image.tar;

import dev.caisson.UnixPath;
import dev.caisson.launch.FileTime;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** One 512-byte header block (POSIX pax, "ustar Interchange Format", and GNU's variant). */
final class TarHeader {
  static final int BLOCK = 512;
  private static final byte[] POSIX = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
  private static final byte[] GNU = {'u', 's', 't', 'a', 'r', ' ', ' ', 0};

  private final byte[] block;
  private final boolean posix;

  /** Checks the block's checksum and magic. */
  TarHeader(byte[] block) throws ArchiveProblem {
    this.block = block;
    long sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? 0 : block[i] & 0xff;
    }
    if (sum != TarNumber.field(block, 148, 8, "checksum")) {
      throw new ArchiveProblem("a header's checksum is wrong");
    }
    this.posix = Arrays.equals(block, 257, 265, POSIX, 0, 8);
    if (!posix && !Arrays.equals(block, 257, 265, GNU, 0, 8)) {
      throw new ArchiveProblem("a header is of no known tar format");
    }
    // star's variant has times where ustar has the prefix, and says so after it
    if (posix && !isZero(Arrays.copyOfRange(block, 500, BLOCK))) {
      throw new ArchiveProblem("a header is of no known tar format");
    }
  }

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  char type() {
    return (char) (block[156] & 0xff);
  }

  UnixPath name(int longest) throws ArchiveProblem {
    byte[] name = text(0, 100);
    byte[] prefix = posix ? text(345, 155) : new byte[0];
    if (prefix.length == 0) {
      return name(name, longest, "name");
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(prefix);
    whole.write('/');
    whole.writeBytes(name);
    return name(whole.toByteArray(), longest, "name");
  }

  UnixPath link() {
    return UnixPath.of(text(157, 100));
  }

  int permissions() throws ArchiveProblem {
    return (int) TarNumber.field(block, 100, 8, "mode") & 07777;
  }

  long uid() throws ArchiveProblem {
    return notNegative(TarNumber.field(block, 108, 8, "uid"), "uid");
  }

  long gid() throws ArchiveProblem {
    return notNegative(TarNumber.field(block, 116, 8, "gid"), "gid");
  }

  long size() throws ArchiveProblem {
    return notNegative(TarNumber.field(block, 124, 12, "size"), "size");
  }

  FileTime modified() throws ArchiveProblem {
    return new FileTime(TarNumber.field(block, 136, 12, "time"), 0);
  }

  long deviceMajor() throws ArchiveProblem {
    return TarNumber.field(block, 329, 8, "device number");
  }

  long deviceMinor() throws ArchiveProblem {
    return TarNumber.field(block, 337, 8, "device number");
  }

  /** A name from the archive: not empty, no NUL, not too long. */
  static UnixPath name(byte[] bytes, int longest, String what) throws ArchiveProblem {
    for (byte b : bytes) {
      if (b == 0) {
        throw new ArchiveProblem("a " + what + " holds a NUL byte");
      }
    }
    if (bytes.length == 0 || bytes.length > longest) {
      throw new ArchiveProblem("a " + what + " has " + bytes.length + " bytes");
    }
    return UnixPath.of(bytes);
  }

  private static long notNegative(long value, String what) throws ArchiveProblem {
    if (value < 0) {
      throw new ArchiveProblem("the header's " + what + " is negative");
    }
    return value;
  }

  private byte[] text(int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, offset, end);
  }
}
