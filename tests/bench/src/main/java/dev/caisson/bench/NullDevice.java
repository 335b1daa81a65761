package dev.caisson.bench;

import dev.caisson.UnixPath;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import dev.caisson.launch.SystemCalls.Memory;

/** /dev/null as a descriptor of this process. */
final class NullDevice {
  private static final int AT_FDCWD = -100;
  private static final int READ_WRITE = 2;

  private NullDevice() {}

  /** Opens it; it stays open. */
  static int open() {
    try (Memory path = SystemCalls.string(UnixPath.of("/dev/null"))) {
      return (int) SystemCalls.call(Syscall.OPENAT, AT_FDCWD, path.address(), READ_WRITE);
    }
  }
}
