package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/** Looks at files of the host by names that are bytes. What cannot be reached is absent. */
public final class HostFiles {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EACCESS = 0x200;
  private static final int R_OK = 4;
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BYTES = 256;
  private static final int PATH_MAX = 4096;
  private static final int CHUNK = 16 << 10;
  private static final int O_CLOEXEC = 02000000;
  private static final int O_NONBLOCK = 04000;

  private HostFiles() {}

  /** What {@code path} names, a symbolic link itself where it is one. */
  public static Optional<HostEntry> status(UnixPath path) {
    return statx(path, AT_SYMLINK_NOFOLLOW);
  }

  /** What {@code path} leads to. */
  public static Optional<HostEntry> statusOfTarget(UnixPath path) {
    return statx(path, 0);
  }

  /** Whether this process may execute it, by its effective ids (faccessat2(2)). */
  public static boolean mayExecute(UnixPath path) {
    return may(path, Linux.X_OK);
  }

  /** Whether this process may read it, by its effective ids. */
  public static boolean mayRead(UnixPath path) {
    return may(path, R_OK);
  }

  /** Whether this process may write to it. */
  public static boolean mayWrite(UnixPath path) {
    return may(path, Linux.W_OK);
  }

  private static boolean may(UnixPath path, long access) {
    try (SystemCalls.Memory name = SystemCalls.string(path)) {
      long result =
          SystemCalls.call(Syscall.FACCESSAT2, AT_FDCWD, name.address(), access, AT_EACCESS);
      return result == 0;
    }
  }

  /** Whether something is mounted exactly there (STATX_ATTR_MOUNT_ROOT, Linux 5.8). */
  static boolean isMountRoot(UnixPath path) {
    try (SystemCalls.Memory name = SystemCalls.string(path);
        SystemCalls.Memory out = SystemCalls.allocate(STATX_BYTES)) {
      long result =
          SystemCalls.call(
              Syscall.STATX, AT_FDCWD, name.address(), 0, STATX_BASIC_STATS, out.address());
      return result == 0 && (out.getLong(8) & STATX_ATTR_MOUNT_ROOT) != 0;
    }
  }

  /** The text of a symbolic link; empty for anything else. */
  public static Optional<UnixPath> link(UnixPath path) {
    try (SystemCalls.Memory name = SystemCalls.string(path);
        SystemCalls.Memory text = SystemCalls.allocate(PATH_MAX)) {
      long length =
          SystemCalls.call(Syscall.READLINKAT, AT_FDCWD, name.address(), text.address(), PATH_MAX);
      return length < 0
          ? Optional.empty()
          : Optional.of(UnixPath.of(text.get(0, Math.toIntExact(length))));
    }
  }

  /**
   * The first bytes of a regular file, at most {@code limit}; empty where it cannot be read. A FIFO
   * or device never blocks it.
   */
  public static Optional<byte[]> start(UnixPath path, int limit) {
    if (statusOfTarget(path).filter(HostEntry::isRegularFile).isEmpty()) {
      return Optional.empty();
    }
    try (SystemCalls.Memory name = SystemCalls.string(path)) {
      long fd =
          SystemCalls.call(Syscall.OPENAT, AT_FDCWD, name.address(), O_CLOEXEC | O_NONBLOCK, 0);
      if (fd < 0) {
        return Optional.empty();
      }
      try {
        return Optional.of(read(path, fd, limit));
      } finally {
        SystemCalls.call(Syscall.CLOSE, fd);
      }
    }
  }

  /**
   * The whole content of a file that the user named, a pipe included.
   *
   * @throws HostRefusal where it cannot be read, or is longer than {@code limit} bytes
   */
  public static byte[] content(UnixPath path, int limit) {
    try (SystemCalls.Memory name = SystemCalls.string(path)) {
      long fd = SystemCalls.call(Syscall.OPENAT, AT_FDCWD, name.address(), O_CLOEXEC, 0);
      if (fd < 0) {
        throw unreadable(path, fd);
      }
      try {
        return content(path, fd, limit);
      } finally {
        SystemCalls.call(Syscall.CLOSE, fd);
      }
    }
  }

  /** The whole content of an open file. */
  static byte[] content(UnixPath path, long descriptor, int limit) {
    byte[] content = read(path, descriptor, limit + 1);
    if (content.length > limit) {
      throw new HostRefusal(
          "read " + path, "it is longer than " + limit + " bytes", "Name another file");
    }
    return content;
  }

  /** What a directory holds; nothing where it cannot be read or is none. */
  public static List<DirectoryEntry> entries(UnixPath directory) {
    try (SystemCalls.Memory name = SystemCalls.string(directory)) {
      long flags = O_CLOEXEC | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
      long fd = SystemCalls.call(Syscall.OPENAT, AT_FDCWD, name.address(), flags, 0);
      if (fd < 0) {
        return List.of();
      }
      try {
        return DirectoryEntries.read((int) fd, directory);
      } catch (FileProblem problem) {
        throw new HostRefusal(
            "read the directory " + directory,
            String.valueOf(problem.getMessage()),
            "Check its file system");
      } finally {
        SystemCalls.call(Syscall.CLOSE, fd);
      }
    }
  }

  private static HostRefusal unreadable(UnixPath path, long result) {
    return new HostRefusal(
        "read " + path,
        Errno.of((int) -result).map(Errno::meaning).orElse("error " + -result),
        "Check the name and its permissions");
  }

  private static byte[] read(UnixPath path, long fd, int limit) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int chunk = Math.min(limit, CHUNK);
    try (SystemCalls.Memory buffer = SystemCalls.allocate(chunk)) {
      while (content.size() < limit) {
        long more =
            SystemCalls.call(
                Syscall.READ, fd, buffer.address(), Math.min(chunk, limit - content.size()));
        if (more == -Errno.EINTR.number()) {
          continue;
        }
        if (more < 0) {
          throw unreadable(path, more);
        }
        if (more == 0) {
          break;
        }
        content.writeBytes(buffer.get(0, Math.toIntExact(more)));
      }
    }
    return content.toByteArray();
  }

  /**
   * {@code path} without symbolic links, {@code .} and {@code ..}, as realpath(3) gives it; empty
   * where a part of it does not exist.
   */
  public static Optional<UnixPath> canonical(UnixPath path) {
    int oPath = 010000000;
    try (SystemCalls.Memory name = SystemCalls.string(path)) {
      long fd = SystemCalls.call(Syscall.OPENAT, AT_FDCWD, name.address(), O_CLOEXEC | oPath, 0);
      if (fd < 0) {
        return Optional.empty();
      }
      try {
        return link(UnixPath.of("/proc/self/fd/" + fd));
      } finally {
        SystemCalls.call(Syscall.CLOSE, fd);
      }
    }
  }

  /**
   * This process's current directory (getcwd(2)).
   *
   * @throws HostRefusal if it was removed or lies outside this process's root
   */
  public static UnixPath currentDirectory() {
    try (SystemCalls.Memory text = SystemCalls.allocate(PATH_MAX)) {
      long length = SystemCalls.call(Syscall.GETCWD, text.address(), PATH_MAX);
      if (length > 1 && text.get(0, 1)[0] == '/') {
        return UnixPath.of(text.get(0, Math.toIntExact(length) - 1));
      }
      throw new HostRefusal(
          "find the current directory",
          length == -Errno.ENOENT.number()
              ? "it was removed"
              : "it is not reachable from this process's root",
          "Change to another directory");
    }
  }

  private static Optional<HostEntry> statx(UnixPath path, int flags) {
    try (SystemCalls.Memory name = SystemCalls.string(path);
        SystemCalls.Memory out = SystemCalls.allocate(STATX_BYTES)) {
      long result =
          SystemCalls.call(
              Syscall.STATX, AT_FDCWD, name.address(), flags, STATX_BASIC_STATS, out.address());
      if (result < 0) {
        return Optional.empty();
      }
      return Optional.of(
          new HostEntry(
              Integer.toUnsignedLong(out.getInt(136)) << 32
                  | Integer.toUnsignedLong(out.getInt(140)),
              out.getLong(32),
              out.getShort(28) & 0xffff,
              out.getInt(20),
              out.getInt(24),
              out.getLong(40)));
    }
  }

  /** Whether two paths lead to the same file. */
  public static boolean isSameFile(UnixPath one, UnixPath other) {
    Optional<HostEntry> first = statusOfTarget(one);
    return first.isPresent()
        && statusOfTarget(other).filter(status -> status.isSameFile(first.get())).isPresent();
  }
}
