package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An open file, by its descriptor; closed on exec. Not safe for use by two threads at once. */
public final class OpenFile implements AutoCloseable {
  private static final int LARGEST_BUFFER = 1 << 16;

  private final int descriptor;
  private final UnixPath path;
  private SystemCalls.Memory buffer = SystemCalls.allocate(0);
  private boolean closed;

  OpenFile(int descriptor, UnixPath path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /** How errors name it. */
  public UnixPath path() {
    return path;
  }

  public FileStatus status() throws FileProblem {
    return FileCalls.status(descriptor, path);
  }

  /**
   * Reads at {@code position} without moving anything.
   *
   * @return how many bytes were read, 0 at the end of the file
   */
  public int read(long position, byte[] into, int from, int length) throws FileProblem {
    int wanted = Math.min(length, LARGEST_BUFFER);
    long address = buffer(wanted).address();
    int read = (int) FileCalls.call(Syscall.PREAD64, path, descriptor, address, wanted, position);
    buffer.get(0, into, from, read);
    return read;
  }

  /** Reads up to {@code limit} bytes from the start. */
  public byte[] readAll(int limit) throws FileProblem {
    int size = (int) Math.min(limit, status().size());
    byte[] content = new byte[size];
    int at = 0;
    while (at < size) {
      int read = read(at, content, at, size - at);
      if (read == 0) {
        return Arrays.copyOf(content, at);
      }
      at += read;
    }
    return content;
  }

  /** Writes all of the bytes where the last write ended. */
  public void write(byte[] bytes, int from, int length) throws FileProblem {
    int at = from;
    int end = from + length;
    while (at < end) {
      int piece = Math.min(end - at, LARGEST_BUFFER);
      buffer(piece).put(0, bytes, at, piece);
      at += (int) FileCalls.call(Syscall.WRITE, path, descriptor, buffer.address(), piece);
    }
  }

  public void write(byte[] bytes) throws FileProblem {
    write(bytes, 0, bytes.length);
  }

  /** Waits until the content is on the disk. */
  public void sync() throws FileProblem {
    FileCalls.call(Syscall.FSYNC, path, descriptor);
  }

  public void setPermissions(int permissions) throws FileProblem {
    FileCalls.call(Syscall.FCHMOD, path, descriptor, permissions);
  }

  public void setOwner(long uid, long gid) throws FileProblem {
    FileCalls.call(Syscall.FCHOWN, path, descriptor, uid, gid);
  }

  /** Sets the times of last access and last modification. */
  public void setTimes(FileTime modified) throws FileProblem {
    FileCalls.setTimes(descriptor, Optional.empty(), path, modified);
  }

  public void setAttribute(UnixPath name, byte[] value) throws FileProblem {
    FileCalls.setAttribute(descriptor, path, name, value);
  }

  public Optional<byte[]> attribute(UnixPath name) throws FileProblem {
    return FileCalls.attribute(descriptor, path, name);
  }

  /** The names of the extended attributes. */
  public List<UnixPath> attributes() throws FileProblem {
    try {
      long address = buffer(LARGEST_BUFFER).address();
      long size = buffer.size();
      int length = (int) FileCalls.call(Syscall.FLISTXATTR, path, descriptor, address, size);
      return names(buffer.get(0, length));
    } catch (FileProblem problem) {
      if (problem.is(Errno.EOPNOTSUPP)) {
        return List.of();
      }
      throw problem;
    }
  }

  /** Memory that holds {@code size} bytes, kept for the next call. */
  private SystemCalls.Memory buffer(int size) {
    if (buffer.size() < size) {
      buffer.close();
      buffer = SystemCalls.allocate(size);
    }
    return buffer;
  }

  private static List<UnixPath> names(byte[] terminatedByNul) {
    List<UnixPath> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < terminatedByNul.length; i++) {
      if (terminatedByNul[i] == 0) {
        names.add(UnixPath.of(Arrays.copyOfRange(terminatedByNul, start, i)));
        start = i + 1;
      }
    }
    return names;
  }

  /** Closes the descriptor; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      buffer.close();
      FileCalls.close(descriptor);
    }
  }
}
