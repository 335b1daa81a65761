package dev.caisson.launch;

import dev.caisson.launch.SystemCalls.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What kind of socket a descriptor of the payload is, asked of a copy of it (pidfd_getfd(2)).
 *
 * @param family AF_INET and the like
 * @param type SOCK_STREAM and the like
 */
public record PayloadSocket(int family, int type) {
  private static final long SOL_SOCKET = 1;
  private static final long SO_TYPE = 3;
  private static final long SO_DOMAIN = 39;
  private static final String PROCESS = "\nTgid:\t";

  /** The socket {@code number} of a thread; empty where it is none, or cannot be looked at. */
  public static Optional<PayloadSocket> of(int thread, int number) {
    Optional<Integer> process = process(thread);
    if (process.isEmpty()) {
      return Optional.empty();
    }
    long handle = SystemCalls.call(Syscall.PIDFD_OPEN, process.get(), 0);
    if (handle < 0) {
      return Optional.empty();
    }
    long copy = SystemCalls.call(Syscall.PIDFD_GETFD, handle, number, 0);
    Executable.close(handle);
    if (copy < 0) {
      return Optional.empty();
    }
    try {
      Optional<Integer> family = option(copy, SO_DOMAIN);
      Optional<Integer> type = option(copy, SO_TYPE);
      return family.isPresent() && type.isPresent()
          ? Optional.of(new PayloadSocket(family.get(), type.get()))
          : Optional.empty();
    } finally {
      Executable.close(copy);
    }
  }

  private static Optional<Integer> option(long socket, long name) {
    try (Memory value = SystemCalls.allocate(4);
        Memory length = SystemCalls.allocate(4)) {
      length.putInt(0, 4);
      long result =
          SystemCalls.call(
              Syscall.GETSOCKOPT, socket, SOL_SOCKET, name, value.address(), length.address());
      return result < 0 ? Optional.empty() : Optional.of(value.getInt(0));
    }
  }

  /** A handle is had of a process only, by the number of its first thread. */
  private static Optional<Integer> process(int thread) {
    Optional<byte[]> status =
        HostFiles.start(dev.caisson.UnixPath.of("/proc/" + thread + "/status"), 4096);
    if (status.isEmpty()) {
      return Optional.empty();
    }
    String text = new String(status.get(), StandardCharsets.ISO_8859_1);
    int start = text.indexOf(PROCESS) + PROCESS.length();
    int end = text.indexOf('\n', start);
    return start < PROCESS.length() || end < 0
        ? Optional.empty()
        : Optional.of(Integer.parseInt(text, start, end, 10));
  }
}
