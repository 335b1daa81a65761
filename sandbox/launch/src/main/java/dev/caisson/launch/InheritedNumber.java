package dev.caisson.launch;

import dev.caisson.launch.SystemCalls.Memory;
import java.util.OptionalInt;

/**
 * A number that a supervisor leaves with a process, and that its children inherit: the soft limit
 * of file locks (RLIMIT_LOCKS), which the kernel keeps, passes on by fork and execve, and has not
 * looked at since Linux 2.4 (getrlimit(2)). A process may change its own; so it names only what its
 * holder may be told anyway.
 */
public final class InheritedNumber {
  private static final int RLIMIT_LOCKS = 10;

  /** Marks numbers that a supervisor left. */
  private static final long BASE = 0x6361_6973_0000_0000L;

  private InheritedNumber() {}

  /** The number that was left with {@code thread}'s process or with one that it descends from. */
  public static OptionalInt of(int thread) {
    try (Memory limit = SystemCalls.allocate(16)) {
      long result = SystemCalls.call(Syscall.PRLIMIT64, thread, RLIMIT_LOCKS, 0, limit.address());
      long soft = limit.getLong(0);
      return result == 0 && (soft & ~0x7fff_ffffL) == BASE
          ? OptionalInt.of((int) soft)
          : OptionalInt.empty();
    }
  }

  /**
   * Leaves {@code number} with {@code thread}'s process.
   *
   * @return false where the caller's own hard limit forbids it
   */
  public static boolean leave(int thread, int number) {
    try (Memory old = SystemCalls.allocate(16);
        Memory limit = SystemCalls.allocate(16)) {
      if (SystemCalls.call(Syscall.PRLIMIT64, thread, RLIMIT_LOCKS, 0, old.address()) != 0) {
        return false;
      }
      limit.putLong(0, BASE | number);
      limit.putLong(8, old.getLong(8));
      return SystemCalls.call(Syscall.PRLIMIT64, thread, RLIMIT_LOCKS, limit.address(), 0) == 0;
    }
  }
}
