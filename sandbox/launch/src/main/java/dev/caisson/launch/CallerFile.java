package dev.caisson.launch;

import static dev.caisson.launch.FileCalls.O_NOFOLLOW;
import static dev.caisson.launch.FileCalls.O_PATH;

import dev.caisson.UnixPath;
import dev.caisson.launch.SystemCalls.Memory;
import dev.caisson.policy.Architecture;
import java.util.Optional;

/**
 * A file that a waiting call names, found as the kernel would find it for the caller: from its root
 * and its directory, through its mounts. It is held, and neither opened for reading nor writing, so
 * that nothing waits and no device is touched; a name never leads out of the caller's root.
 */
public final class CallerFile implements AutoCloseable {
  /** Where a relative path starts at the working directory. */
  public static final int WORKING_DIRECTORY = FileCalls.AT_FDCWD;

  private static final UnixPath EMPTY = UnixPath.of("");
  private static final UnixPath HERE = UnixPath.of(".");
  private static final UnixPath UP = UnixPath.of("..");
  private static final long BASIC_AND_BIRTH = 0xfff;

  /** The size of struct stat. */
  private static final int STAT = Architecture.current() == Architecture.X86_64 ? 144 : 128;

  private final int descriptor;
  private final UnixPath path;

  CallerFile(int descriptor, UnixPath path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /**
   * What tells a file from every other one, for as long as it exists and longer: numbers of inodes
   * are used again, the time of birth differs then.
   */
  public record Identity(int deviceMajor, int deviceMinor, long inode, long seconds, int nanos) {}

  /** The file that stands at {@code path}; {@code last} tells whether a link there is followed. */
  public static CallerFile at(NotifiedCall call, int directory, UnixPath path, boolean last)
      throws FileProblem {
    if (path.bytes().length == 0) {
      throw new FileProblem("openat2", path, Errno.ENOENT.number());
    }
    long flags = O_PATH | (last ? 0 : O_NOFOLLOW);
    return checked(call, path, find(call.thread(), directory, path, flags));
  }

  /** The file that a descriptor of the caller's, or its working directory, stands for. */
  public static CallerFile of(NotifiedCall call, int descriptor) throws FileProblem {
    String name = descriptor == WORKING_DIRECTORY ? "cwd" : "fd/" + descriptor;
    return checked(call, UnixPath.of(name), openOwn(call.thread(), name));
  }

  /** The thread's number may have become another's before the file was found. */
  private static CallerFile checked(NotifiedCall call, UnixPath path, int found)
      throws FileProblem {
    CallerFile file = new CallerFile(found, path);
    if (!call.stillWaits()) {
      file.close();
      throw new FileProblem("openat2", path, Errno.ESRCH.number());
    }
    return file;
  }

  private static int find(int thread, int directory, UnixPath path, long flags) throws FileProblem {
    if (!path.isAbsolute() && !path.components().contains(UP)) {
      int start = openOwn(thread, directory == WORKING_DIRECTORY ? "cwd" : "fd/" + directory);
      try {
        return FileCalls.open(
            start, path, flags, 0, Linux.RESOLVE_NO_SYMLINKS | Linux.RESOLVE_NO_MAGICLINKS);
      } catch (FileProblem problem) {
        if (!problem.is(Errno.ELOOP)) {
          throw problem;
        }
      } finally {
        FileCalls.close(start);
      }
    }
    // what may turn back or round is followed beneath the caller's root
    int root = openOwn(thread, "root");
    try {
      return FileCalls.open(
          root,
          beneath(absolute(thread, directory, path)),
          flags,
          0,
          Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS);
    } finally {
      FileCalls.close(root);
    }
  }

  private static UnixPath absolute(int thread, int directory, UnixPath path) throws FileProblem {
    if (path.isAbsolute()) {
      return path;
    }
    Optional<UnixPath> start =
        directory == WORKING_DIRECTORY
            ? SandboxView.directory(thread)
            : SandboxView.descriptor(thread, directory);
    if (start.isEmpty()) {
      throw new FileProblem("openat2", path, Errno.ENOENT.number());
    }
    return start.get().resolve(path);
  }

  private static UnixPath beneath(UnixPath absolute) {
    byte[] bytes = absolute.bytes();
    int start = 0;
    while (start < bytes.length && bytes[start] == '/') {
      start++;
    }
    return start == bytes.length
        ? HERE
        : UnixPath.of(java.util.Arrays.copyOfRange(bytes, start, bytes.length));
  }

  /** What the kernel itself links to in the thread's part of /proc. */
  private static int openOwn(int thread, String name) throws FileProblem {
    return FileCalls.open(
        FileCalls.AT_FDCWD, UnixPath.of("/proc/" + thread + "/" + name), O_PATH, 0, 0);
  }

  public Identity identity() throws FileProblem {
    try (Memory statx = statxOf(BASIC_AND_BIRTH)) {
      return new Identity(
          statx.getInt(Linux.STATX_DEV),
          statx.getInt(Linux.STATX_DEV + 4),
          statx.getLong(Linux.STATX_INO),
          statx.getLong(0x50),
          statx.getInt(0x58));
    }
  }

  /** The file system that it lies in. */
  public Device device() throws FileProblem {
    Identity identity = identity();
    return new Device(identity.deviceMajor(), identity.deviceMinor());
  }

  int descriptor() {
    return descriptor;
  }

  UnixPath path() {
    return path;
  }

  public FileStatus status() throws FileProblem {
    return FileCalls.status(descriptor, path);
  }

  /** The struct stat of the host's own ABI. */
  public byte[] stat() throws FileProblem {
    try (Memory empty = SystemCalls.string(EMPTY);
        Memory stat = SystemCalls.allocate(STAT)) {
      FileCalls.call(
          Syscall.NEWFSTATAT,
          path,
          descriptor,
          empty.address(),
          stat.address(),
          Linux.AT_EMPTY_PATH);
      return stat.get(0, STAT);
    }
  }

  /** The struct statx with the fields that {@code mask} asks for. */
  public byte[] statx(int mask) throws FileProblem {
    try (Memory statx = statxOf(mask)) {
      return statx.get(0, statx.size());
    }
  }

  private Memory statxOf(long mask) throws FileProblem {
    Memory statx = SystemCalls.allocate(Linux.STATX_SIZE);
    try (Memory empty = SystemCalls.string(EMPTY)) {
      FileCalls.call(
          Syscall.STATX,
          path,
          descriptor,
          empty.address(),
          Linux.AT_EMPTY_PATH,
          mask,
          statx.address());
      return statx;
    } catch (FileProblem problem) {
      statx.close();
      throw problem;
    }
  }

  /**
   * Does what a change of the owner does beside changing it: an overlay copies the file up, the
   * bits that give an owner's rights go. Fails where the mount is read-only.
   */
  public void touchOwner() throws FileProblem {
    FileCalls.named(Syscall.FCHOWNAT, descriptor, EMPTY, -1, -1, Linux.AT_EMPTY_PATH);
  }

  /** Makes an empty file in this directory, and holds it. */
  public CallerFile create(UnixPath name, int mode) throws FileProblem {
    long made =
        FileCalls.named(
            Syscall.OPENAT,
            descriptor,
            name,
            Linux.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_EXCL | O_NOFOLLOW | Linux.O_CLOEXEC,
            mode);
    return new CallerFile((int) made, name);
  }

  @Override
  public void close() {
    FileCalls.close(descriptor);
  }
}
