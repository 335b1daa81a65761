package dev.caisson.launch;

import dev.caisson.UnixPath;

/**
 * A lock of flock(2), held by an open file description until it is closed or this process ends.
 * Java's own locks are those of fcntl(2), which flock does not see.
 */
public final class FileLock implements AutoCloseable {
  private static final int SHARED = 1;
  private static final int EXCLUSIVE = 2;
  private static final int NONBLOCKING = 4;

  private final int descriptor;
  private final UnixPath path;
  private boolean closed;

  FileLock(int descriptor, UnixPath path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /** Waits until nobody else holds the lock. */
  public FileLock exclusive() throws FileProblem {
    FileCalls.call(Syscall.FLOCK, path, descriptor, EXCLUSIVE);
    return this;
  }

  /** Waits until nobody holds the lock alone; gives up an exclusive one for it. */
  public FileLock shared() throws FileProblem {
    FileCalls.call(Syscall.FLOCK, path, descriptor, SHARED);
    return this;
  }

  /** Takes the lock alone if nobody holds it; says whether it did. */
  public boolean tryExclusive() throws FileProblem {
    try {
      FileCalls.call(Syscall.FLOCK, path, descriptor, EXCLUSIVE | NONBLOCKING);
      return true;
    } catch (FileProblem problem) {
      if (problem.is(Errno.EAGAIN)) {
        return false;
      }
      throw problem;
    }
  }

  /** Gives the lock up. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      FileCalls.close(descriptor);
    }
  }
}
