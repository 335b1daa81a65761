package dev.caisson.launch;

/**
 * A moment as the kernel keeps it with a file.
 *
 * @param seconds since 1970, negative before
 * @param nanos 0 to 999,999,999, always forward from {@code seconds}
 */
public record FileTime(long seconds, int nanos) {
  /** The start of 1970. */
  public static final FileTime EPOCH = new FileTime(0, 0);

  public FileTime {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("nanoseconds are 0 to 999999999, not " + nanos);
    }
  }
}
