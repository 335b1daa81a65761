package dev.caisson.launch;

import static dev.caisson.launch.FileCalls.AT_FDCWD;
import static dev.caisson.launch.FileCalls.O_CREAT;
import static dev.caisson.launch.FileCalls.O_DIRECTORY;
import static dev.caisson.launch.FileCalls.O_EXCL;
import static dev.caisson.launch.FileCalls.O_NOCTTY;
import static dev.caisson.launch.FileCalls.O_NOFOLLOW;
import static dev.caisson.launch.FileCalls.O_NONBLOCK;
import static dev.caisson.launch.FileCalls.O_PATH;
import static dev.caisson.launch.FileCalls.O_RDWR;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;

/**
 * An open directory. Paths are resolved beneath it by openat2(2) and never through a symbolic link
 * or a magic link; what is made, moved or removed is named by one component. So no name that
 * hostile content chose can reach outside, whatever else changes the tree meanwhile.
 */
public final class Directory implements AutoCloseable {
  // RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and RESOLVE_NO_MAGICLINKS of linux/openat2.h
  private static final long BENEATH = 0x08 | 0x04 | 0x02;
  private static final long AT_REMOVEDIR = 0x200;
  private static final long RENAME_NOREPLACE = 1;

  private final int descriptor;
  private final UnixPath path;
  private boolean closed;

  private Directory(int descriptor, UnixPath path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /** Opens a directory that the caller of Caisson named; links in its path are followed. */
  public static Directory open(UnixPath path) throws FileProblem {
    return new Directory(FileCalls.open(AT_FDCWD, path, O_DIRECTORY, 0, 0), path);
  }

  /** Makes {@code path} and the directories above it that do not exist; existing ones are kept. */
  public static void makeAll(UnixPath path, int permissions) throws FileProblem {
    UnixPath prefix = UnixPath.of(path.isAbsolute() ? "/" : ".");
    for (UnixPath component : path.components()) {
      prefix = prefix.resolve(component);
      try {
        FileCalls.named(Syscall.MKDIRAT, AT_FDCWD, prefix, permissions);
      } catch (FileProblem problem) {
        if (!problem.is(Errno.EEXIST) && !exists(prefix)) {
          throw problem;
        }
      }
    }
  }

  private static boolean exists(UnixPath path) {
    try (Directory found = open(path)) {
      return found.descriptor >= 0;
    } catch (FileProblem notThere) {
      return false;
    }
  }

  /** How it was named when it was opened. */
  public UnixPath path() {
    return path;
  }

  /** Opens the directory at {@code relative}. */
  public Directory directory(UnixPath relative) throws FileProblem {
    int opened = FileCalls.open(descriptor, relative, O_DIRECTORY | O_NOFOLLOW, 0, BENEATH);
    return new Directory(opened, path.resolve(relative));
  }

  /** Opens this directory a second time: a lock on one of the two does not hold the other. */
  public Directory again() throws FileProblem {
    return new Directory(
        FileCalls.open(descriptor, UnixPath.of("."), O_DIRECTORY, 0, BENEATH), path);
  }

  /** Opens the file at {@code relative} for reading; never waits for a FIFO's other end. */
  public OpenFile read(UnixPath relative) throws FileProblem {
    return new OpenFile(
        FileCalls.open(descriptor, relative, O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0, BENEATH),
        path.resolve(relative));
  }

  /** Makes a file that must not exist, and opens it for reading and writing. */
  public OpenFile create(UnixPath name, int permissions) throws FileProblem {
    long flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY;
    return new OpenFile(
        FileCalls.open(descriptor, single(name), flags, permissions, BENEATH), path.resolve(name));
  }

  /** Opens the file for locking, making it where it does not exist. */
  public FileLock lockFile(UnixPath name) throws FileProblem {
    long flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY;
    return new FileLock(
        FileCalls.open(descriptor, single(name), flags, 0600, BENEATH), path.resolve(name));
  }

  /** Opens this directory itself for locking. */
  public FileLock lockItself() throws FileProblem {
    return new FileLock(
        FileCalls.open(descriptor, UnixPath.of("."), O_DIRECTORY, 0, BENEATH), path);
  }

  /** The status of this directory. */
  public FileStatus status() throws FileProblem {
    return FileCalls.status(descriptor, path);
  }

  /** The status of what stands at {@code relative}, a link's own; empty where nothing does. */
  public Optional<FileStatus> status(UnixPath relative) throws FileProblem {
    try {
      int found = FileCalls.open(descriptor, relative, O_PATH | O_NOFOLLOW, 0, BENEATH);
      try {
        return Optional.of(FileCalls.status(found, relative));
      } finally {
        FileCalls.close(found);
      }
    } catch (FileProblem problem) {
      if (problem.is(Errno.ENOENT) || problem.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw problem;
    }
  }

  /** The names in this directory, in the file system's order, without {@code .} and {@code ..}. */
  public List<UnixPath> list() throws FileProblem {
    try (Directory again = again()) {
      return DirectoryEntries.read(again.descriptor, path).stream()
          .map(DirectoryEntry::name)
          .toList();
    }
  }

  /** What the symbolic link {@code name} holds. */
  public UnixPath readLink(UnixPath name) throws FileProblem {
    try (SystemCalls.Memory target = SystemCalls.allocate(4096)) {
      long length =
          FileCalls.named(
              Syscall.READLINKAT, descriptor, single(name), target.address(), target.size());
      return UnixPath.of(target.get(0, (int) length));
    }
  }

  public void makeDirectory(UnixPath name, int permissions) throws FileProblem {
    FileCalls.named(Syscall.MKDIRAT, descriptor, single(name), permissions);
  }

  public void makeSymlink(UnixPath name, UnixPath target) throws FileProblem {
    try (SystemCalls.Memory content = SystemCalls.string(target);
        SystemCalls.Memory link = SystemCalls.string(single(name))) {
      FileCalls.call(Syscall.SYMLINKAT, name, content.address(), descriptor, link.address());
    }
  }

  public void makeFifo(UnixPath name, int permissions) throws FileProblem {
    FileCalls.named(
        Syscall.MKNODAT, descriptor, single(name), FileType.FIFO.bits() | permissions, 0);
  }

  /** Makes overlayfs's mark of a deleted name, which anyone may since Linux 5.8. */
  public void makeWhiteout(UnixPath name) throws FileProblem {
    FileCalls.named(Syscall.MKNODAT, descriptor, single(name), FileType.CHARACTER_DEVICE.bits(), 0);
  }

  /** Gives the file {@code name}, a link itself and not its target, another name. */
  public void link(UnixPath name, Directory to, UnixPath newName) throws FileProblem {
    twoNames(Syscall.LINKAT, name, to, newName, 0);
  }

  /** Moves {@code name}, putting it in the place of a file that stands there. */
  public void replace(UnixPath name, Directory to, UnixPath newName) throws FileProblem {
    twoNames(Syscall.RENAMEAT2, name, to, newName, 0);
  }

  /** Moves {@code name}; EEXIST where something stands there. */
  public void move(UnixPath name, Directory to, UnixPath newName) throws FileProblem {
    twoNames(Syscall.RENAMEAT2, name, to, newName, RENAME_NOREPLACE);
  }

  private void twoNames(Syscall call, UnixPath name, Directory to, UnixPath newName, long flags)
      throws FileProblem {
    try (SystemCalls.Memory from = SystemCalls.string(single(name));
        SystemCalls.Memory target = SystemCalls.string(single(newName))) {
      FileCalls.call(
          call, newName, descriptor, from.address(), to.descriptor, target.address(), flags);
    }
  }

  /** Removes a name that is no directory's. */
  public void remove(UnixPath name) throws FileProblem {
    FileCalls.named(Syscall.UNLINKAT, descriptor, single(name), 0);
  }

  /** Removes an empty directory. */
  public void removeDirectory(UnixPath name) throws FileProblem {
    FileCalls.named(Syscall.UNLINKAT, descriptor, single(name), AT_REMOVEDIR);
  }

  /** Removes {@code name} and all beneath it, unreadable directories too; nothing if not there. */
  public void removeTree(UnixPath name) throws FileProblem {
    Optional<FileStatus> status = status(single(name));
    if (status.isEmpty()) {
      return;
    }
    if (status.get().type() != FileType.DIRECTORY) {
      remove(name);
      return;
    }
    if ((status.get().permissions() & 0700) != 0700) {
      setPermissions(name, 0700);
    }
    try (Directory inner = directory(name)) {
      for (UnixPath entry : inner.list()) {
        inner.removeTree(entry);
      }
    }
    removeDirectory(name);
  }

  /** Sets the mode of {@code name}, which must be no symbolic link. */
  public void setPermissions(UnixPath name, int permissions) throws FileProblem {
    FileCalls.named(Syscall.FCHMODAT, descriptor, single(name), permissions);
  }

  /** Sets the mode of this directory. */
  public void setPermissions(int permissions) throws FileProblem {
    FileCalls.call(Syscall.FCHMOD, path, descriptor, permissions);
  }

  /** Sets the owner of {@code name}, a link's own. */
  public void setOwner(UnixPath name, long uid, long gid) throws FileProblem {
    FileCalls.named(
        Syscall.FCHOWNAT, descriptor, single(name), uid, gid, FileCalls.AT_SYMLINK_NOFOLLOW);
  }

  /** Sets the owner of this directory. */
  public void setOwner(long uid, long gid) throws FileProblem {
    FileCalls.call(Syscall.FCHOWN, path, descriptor, uid, gid);
  }

  /** Sets the times of {@code name}, a link's own. */
  public void setTimes(UnixPath name, FileTime modified) throws FileProblem {
    FileCalls.setTimes(descriptor, Optional.of(single(name)), name, modified);
  }

  /** Sets the times of this directory. */
  public void setTimes(FileTime modified) throws FileProblem {
    FileCalls.setTimes(descriptor, Optional.empty(), path, modified);
  }

  public void setAttribute(UnixPath name, byte[] value) throws FileProblem {
    FileCalls.setAttribute(descriptor, path, name, value);
  }

  public Optional<byte[]> attribute(UnixPath name) throws FileProblem {
    return FileCalls.attribute(descriptor, path, name);
  }

  /** Waits until the names in this directory are on the disk. */
  public void sync() throws FileProblem {
    FileCalls.call(Syscall.FSYNC, path, descriptor);
  }

  /** Waits until everything on this directory's file system is on the disk. */
  public void syncFileSystem() throws FileProblem {
    FileCalls.call(Syscall.SYNCFS, path, descriptor);
  }

  /** Closes the descriptor; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      FileCalls.close(descriptor);
    }
  }

  private static UnixPath single(UnixPath name) {
    byte[] bytes = name.bytes();
    boolean dots = bytes.length <= 2;
    boolean slash = false;
    for (byte b : bytes) {
      dots &= b == '.';
      slash |= b == '/';
    }
    if (dots || slash) {
      throw new IllegalArgumentException("not one component of a path: " + name);
    }
    return name;
  }
}
