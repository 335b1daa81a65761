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
  private static final int AT_FDCWD = -100;

  boolean isDirectory() {
    return (mode & Linux.S_IFMT) == Linux.S_IFDIR;
  }

  boolean isRegular() {
    return (mode & Linux.S_IFMT) == Linux.S_IFREG;
  }

  /**
   * Looks up a path that had no links when it was compared with the ceilings.
   *
   * @throws PlanRefusal where it has one now, and so leads to what nobody looked at
   */
  static Optional<HostPath> findWithoutLinks(String meaning, UnixPath path) {
    Optional<HostPath> found = find(path);
    found
        .filter(there -> !there.real().equals(path))
        .ifPresent(
            there -> {
              throw new PlanRefusal(
                  meaning,
                  path + " leads to " + there.real() + " now, through a link that was not there",
                  "Look who changes it, and start again");
            });
    return found;
  }

  /**
   * The content of the file.
   *
   * @throws HostRefusal where it cannot be read, is longer, or a part of its path is a link now
   */
  byte[] content(int limit) {
    try {
      int descriptor =
          FileCalls.open(AT_FDCWD, real, Linux.O_NONBLOCK, 0, Linux.RESOLVE_NO_SYMLINKS);
      try (OpenFile file = new OpenFile(descriptor, real)) {
        return HostFiles.content(real, descriptor, limit);
      }
    } catch (FileProblem problem) {
      throw new HostRefusal(
          "read " + real, "it cannot be opened: " + problem.getMessage(), "Start again");
    }
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
