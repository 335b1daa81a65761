package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import java.util.Optional;

/** The file system's calls with errors as exceptions, shared by directories and open files. */
final class FileCalls {
  static final int AT_FDCWD = -100;
  static final long AT_SYMLINK_NOFOLLOW = 0x100;
  static final long AT_EMPTY_PATH = 0x1000;

  static final long O_RDWR = 2;
  static final long O_CREAT = 0100;
  static final long O_EXCL = 0200;
  static final long O_NOCTTY = 0400;
  static final long O_NONBLOCK = 04000;
  static final long O_CLOEXEC = 02000000;
  static final long O_PATH = 010000000;

  // the two whose values differ between architectures (asm/fcntl.h)
  static final long O_DIRECTORY;
  static final long O_NOFOLLOW;

  static {
    boolean x86 = Architecture.current() == Architecture.X86_64;
    O_DIRECTORY = x86 ? 0200000 : 040000;
    O_NOFOLLOW = x86 ? 0400000 : 0100000;
  }

  private static final long STATX_BASIC_STATS = 0x7ff;
  private static final UnixPath EMPTY = UnixPath.of("");

  private FileCalls() {}

  /** Makes a call on {@code path}, again where a signal interrupted it. */
  static long call(Syscall call, UnixPath path, long... arguments) throws FileProblem {
    while (true) {
      long result = SystemCalls.call(call, arguments);
      if (result >= 0) {
        return result;
      }
      if (result != -Errno.EINTR.number()) {
        throw new FileProblem(call.callName(), path, (int) -result);
      }
    }
  }

  /** Makes a call whose second argument is {@code name}. */
  static long named(Syscall call, long directory, UnixPath name, long... more) throws FileProblem {
    try (SystemCalls.Memory text = SystemCalls.string(name)) {
      long[] arguments = new long[2 + more.length];
      arguments[0] = directory;
      arguments[1] = text.address();
      System.arraycopy(more, 0, arguments, 2, more.length);
      return call(call, name, arguments);
    }
  }

  /** openat2(2) with the rules {@code resolve}. */
  static int open(int directory, UnixPath path, long flags, long mode, long resolve)
      throws FileProblem {
    try (SystemCalls.Memory how = SystemCalls.allocate(24)) {
      how.putLong(0, flags | O_CLOEXEC);
      how.putLong(8, mode);
      how.putLong(16, resolve);
      return (int) named(Syscall.OPENAT2, directory, path, how.address(), how.size());
    }
  }

  static FileStatus status(int descriptor, UnixPath path) throws FileProblem {
    try (SystemCalls.Memory empty = SystemCalls.string(EMPTY);
        SystemCalls.Memory statx = SystemCalls.allocate(FileStatus.STRUCT)) {
      call(
          Syscall.STATX,
          path,
          descriptor,
          empty.address(),
          AT_EMPTY_PATH,
          STATX_BASIC_STATS,
          statx.address());
      return FileStatus.of(statx);
    }
  }

  static void setTimes(int descriptor, Optional<UnixPath> name, UnixPath path, FileTime modified)
      throws FileProblem {
    try (SystemCalls.Memory text = SystemCalls.string(name.orElse(EMPTY));
        SystemCalls.Memory times = SystemCalls.allocate(32)) {
      times.putLong(0, modified.seconds());
      times.putLong(8, modified.nanos());
      times.putLong(16, modified.seconds());
      times.putLong(24, modified.nanos());
      long nameAddress = name.isPresent() ? text.address() : 0;
      long flags = name.isPresent() ? AT_SYMLINK_NOFOLLOW : 0;
      call(Syscall.UTIMENSAT, path, descriptor, nameAddress, times.address(), flags);
    }
  }

  static void setAttribute(int descriptor, UnixPath path, UnixPath attribute, byte[] value)
      throws FileProblem {
    try (SystemCalls.Memory name = SystemCalls.string(attribute);
        SystemCalls.Memory content = SystemCalls.allocate(value.length)) {
      content.put(0, value);
      call(Syscall.FSETXATTR, path, descriptor, name.address(), content.address(), value.length, 0);
    }
  }

  static Optional<byte[]> attribute(int descriptor, UnixPath path, UnixPath attribute)
      throws FileProblem {
    try (SystemCalls.Memory name = SystemCalls.string(attribute);
        SystemCalls.Memory value = SystemCalls.allocate(1 << 16)) {
      long length =
          call(Syscall.FGETXATTR, path, descriptor, name.address(), value.address(), value.size());
      return Optional.of(value.get(0, (int) length));
    } catch (FileProblem problem) {
      if (problem.is(Errno.ENODATA) || problem.is(Errno.EOPNOTSUPP)) {
        return Optional.empty();
      }
      throw problem;
    }
  }

  static void close(int descriptor) {
    SystemCalls.call(Syscall.CLOSE, descriptor);
  }
}
