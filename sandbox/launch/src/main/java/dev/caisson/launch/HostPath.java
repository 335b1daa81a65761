package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.Optional;

/**
 * A file of the host as it was when the launch was planned. The program opens it again later and
 * compares: a path that was swapped in between ends the launch (the class of CVE-2024-42472).
 *
 * @param real the path without symbolic links
 * @param device as struct statx holds it: major in the low 32 bits, minor in the high
 * @param mode type and permissions
 */
record HostPath(UnixPath real, long inode, long device, int mode) {
  boolean isDirectory() {
    return (mode & Linux.S_IFMT) == Linux.S_IFDIR;
  }

  boolean isRegular() {
    return (mode & Linux.S_IFMT) == Linux.S_IFREG;
  }

  /** Looks {@code path} up, following symbolic links; empty where it cannot be reached. */
  static Optional<HostPath> find(UnixPath path) {
    long fd;
    try (SystemCalls.Memory name = SystemCalls.string(path)) {
      fd =
          SystemCalls.call(Syscall.OPENAT, -100, name.address(), Linux.O_PATH | Linux.O_CLOEXEC, 0);
    }
    if (fd < 0) {
      return Optional.empty();
    }
    try (SystemCalls.Memory link = SystemCalls.string(UnixPath.of("/proc/self/fd/" + fd));
        SystemCalls.Memory empty = SystemCalls.string(UnixPath.of(""));
        SystemCalls.Memory buffer = SystemCalls.allocate(4096)) {
      long length =
          SystemCalls.call(Syscall.READLINKAT, -100, link.address(), buffer.address(), 4096);
      if (length <= 0 || length == 4096) {
        return Optional.empty();
      }
      UnixPath real = UnixPath.of(buffer.get(0, (int) length));
      long result =
          SystemCalls.call(
              Syscall.STATX,
              fd,
              empty.address(),
              Linux.AT_EMPTY_PATH,
              Linux.STATX_BASIC,
              buffer.address());
      if (result < 0) {
        return Optional.empty();
      }
      return Optional.of(
          new HostPath(
              real,
              buffer.getLong(Linux.STATX_INO),
              buffer.getLong(Linux.STATX_DEV),
              buffer.getShort(Linux.STATX_MODE) & 0xffff));
    } finally {
      SystemCalls.call(Syscall.CLOSE, fd);
    }
  }
}
