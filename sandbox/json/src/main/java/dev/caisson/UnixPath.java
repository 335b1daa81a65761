package dev.caisson;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path as the kernel knows it: bytes without NUL. Names from images, binds and the command line
 * never pass through java.nio, which cannot hold every byte sequence.
 */
public final class UnixPath implements Comparable<UnixPath> {
  private final byte[] bytes;

  private UnixPath(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        throw new IllegalArgumentException("a path holds no NUL byte");
      }
    }
    this.bytes = bytes;
  }

  /** The path that UTF-8 encodes {@code text}. */
  public static UnixPath of(String text) {
    return new UnixPath(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The path with these bytes; they are copied. */
  public static UnixPath of(byte[] bytes) {
    return new UnixPath(bytes.clone());
  }

  /** A copy of the bytes, without a terminator. */
  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean isAbsolute() {
    return bytes.length > 0 && bytes[0] == '/';
  }

  /** The non-empty components, {@code .} and {@code ..} among them. */
  public List<UnixPath> components() {
    List<UnixPath> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '/') {
        if (i > start) {
          parts.add(new UnixPath(Arrays.copyOfRange(bytes, start, i)));
        }
        start = i + 1;
      }
    }
    return List.copyOf(parts);
  }

  /** This path followed by {@code child}; an absolute child is taken relative to this path. */
  public UnixPath resolve(UnixPath child) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(bytes);
    if (bytes.length > 0 && bytes[bytes.length - 1] != '/') {
      joined.write('/');
    }
    int start = 0;
    while (start < child.bytes.length && child.bytes[start] == '/') {
      start++;
    }
    joined.write(child.bytes, start, child.bytes.length - start);
    return new UnixPath(joined.toByteArray());
  }

  public UnixPath resolve(String child) {
    return resolve(of(child));
  }

  /** True if this path is {@code other} or lies beneath it, compared by whole components. */
  public boolean startsWith(UnixPath other) {
    List<UnixPath> mine = components();
    List<UnixPath> theirs = other.components();
    return isAbsolute() == other.isAbsolute()
        && mine.size() >= theirs.size()
        && mine.subList(0, theirs.size()).equals(theirs);
  }

  @Override
  public int compareTo(UnixPath other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnixPath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For people: UTF-8, with control characters and stray bytes shown as {@code \xNN}. */
  @Override
  public String toString() {
    return Printable.of(bytes);
  }
}
