package dev.caisson.bench;

import dev.caisson.UnixPath;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import dev.caisson.launch.SystemCalls.Memory;
import java.nio.file.Path;

/** Files as descriptors of this process, to read and write; they stay open. */
final class Descriptors {
  private static final int AT_FDCWD = -100;
  private static final int READ_WRITE = 2;

  private Descriptors() {}

  static int openNull() {
    return open(Path.of("/dev/null"));
  }

  static int open(Path file) {
    try (Memory path = SystemCalls.string(UnixPath.of(file.toString()))) {
      return (int) SystemCalls.call(Syscall.OPENAT, AT_FDCWD, path.address(), READ_WRITE);
    }
  }
}
