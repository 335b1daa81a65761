package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** What the kernel reads at the start of a program that it executes: {@code #!}, or ELF. */
final class ProgramStart {
  /** As much of the file as is looked at. */
  static final int LENGTH = 64 << 10;

  /** As much of a first line as the kernel takes (execve(2)). */
  private static final int LONGEST_LINE = 256;

  private static final int PT_INTERP = 3;
  private static final int MAX_HEADERS = 64;

  private ProgramStart() {}

  /** The interpreter that the program names; empty for a static one, or for what is none. */
  static Optional<UnixPath> interpreter(byte[] start) {
    if (start.length > 2 && start[0] == '#' && start[1] == '!') {
      return ofScript(start);
    }
    boolean elf64 =
        start.length > 64
            && start[0] == 0x7f
            && start[1] == 'E'
            && start[2] == 'L'
            && start[3] == 'F'
            && start[4] == 2
            && start[5] == 1;
    return elf64 ? ofElf(ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN)) : Optional.empty();
  }

  private static Optional<UnixPath> ofScript(byte[] start) {
    int at = 2;
    int most = Math.min(start.length, LONGEST_LINE);
    while (at < most && (start[at] == ' ' || start[at] == '\t')) {
      at++;
    }
    int end = at;
    while (end < most
        && start[end] != ' '
        && start[end] != '\t'
        && start[end] != '\n'
        && start[end] != 0) {
      end++;
    }
    return end == at
        ? Optional.empty()
        : Optional.of(UnixPath.of(Arrays.copyOfRange(start, at, end)));
  }

  /** Elf64_Ehdr and Elf64_Phdr of elf(5). */
  private static Optional<UnixPath> ofElf(ByteBuffer file) {
    long headers = file.getLong(32);
    int size = file.getShort(54) & 0xffff;
    int count = Math.min(file.getShort(56) & 0xffff, MAX_HEADERS);
    for (int i = 0; i < count; i++) {
      long header = headers + (long) i * size;
      if (header < 0 || header > file.limit() - 56) {
        return Optional.empty();
      }
      if (file.getInt((int) header) == PT_INTERP) {
        long offset = file.getLong((int) header + 8);
        long length = file.getLong((int) header + 32);
        return text(file.array(), offset, length);
      }
    }
    return Optional.empty();
  }

  private static Optional<UnixPath> text(byte[] file, long offset, long length) {
    if (offset < 0 || length < 2 || length > 4096 || offset > file.length - length) {
      return Optional.empty();
    }
    int end = (int) offset;
    while (end < offset + length && file[end] != 0) {
      end++;
    }
    return Optional.of(UnixPath.of(Arrays.copyOfRange(file, (int) offset, end)))
        .filter(UnixPath::isAbsolute);
  }
}
