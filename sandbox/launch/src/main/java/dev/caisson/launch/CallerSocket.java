package dev.caisson.launch;

import dev.caisson.launch.SystemCalls.Memory;
import java.util.Optional;

/**
 * A socket of the process that makes a waiting call: the same open socket, in the same network,
 * under a descriptor of this process's own, which the caller cannot make another one
 * (pidfd_getfd(2)).
 */
public final class CallerSocket implements AutoCloseable {
  /** pidfd_open(2), Linux 6.9: of one thread. */
  private static final long PIDFD_THREAD = 0x80;

  private final int descriptor;

  private CallerSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /** What descriptor {@code number} of the caller's stands for; empty where it cannot be had. */
  public static Optional<CallerSocket> of(NotifiedCall call, int number) {
    long process = SystemCalls.call(Syscall.PIDFD_OPEN, call.thread(), PIDFD_THREAD);
    if (process == -Errno.EINVAL.number()) {
      // before Linux 6.9 only the first thread has one; the others share its descriptors
      process =
          CallerProcess.of(call)
              .map(caller -> SystemCalls.call(Syscall.PIDFD_OPEN, caller.process(), 0))
              .orElse((long) -Errno.ESRCH.number());
    }
    if (process < 0) {
      return Optional.empty();
    }
    long found = SystemCalls.call(Syscall.PIDFD_GETFD, process, number, 0);
    Executable.close((int) process);
    if (found < 0) {
      return Optional.empty();
    }
    CallerSocket socket = new CallerSocket((int) found);
    if (!call.stillWaits()) {
      // the thread's number may have become another's
      socket.close();
      return Optional.empty();
    }
    return Optional.of(socket);
  }

  /**
   * Connects it to {@code address}, a struct sockaddr; waits as the caller would (connect(2)).
   *
   * @return 0, or the number of the error
   */
  public int connect(byte[] address) {
    try (Memory memory = SystemCalls.allocate(Math.max(address.length, 1))) {
      memory.put(0, address);
      return (int) -SystemCalls.call(Syscall.CONNECT, descriptor, memory.address(), address.length);
    }
  }

  @Override
  public void close() {
    Executable.close(descriptor);
  }
}
