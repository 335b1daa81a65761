package dev.caisson.image.tar;

/**
 * What one layer may ask for at the most, so that a hostile one can exhaust neither memory nor the
 * disk without being named.
 *
 * @param entries how many entries
 * @param bytes inflated length of the archive
 * @param ratio inflated to compressed length, looked at beyond {@link #RATIO_FREE} bytes
 * @param path length of a name or a link's target in bytes
 * @param depth components of a name
 * @param pax length of one extended header in bytes
 * @param attribute length of one extended attribute's value in bytes
 */
public record ArchiveLimits(
    long entries, long bytes, long ratio, int path, int depth, int pax, int attribute) {
  /** Small archives of zeros compress better than any honest large one. */
  public static final long RATIO_FREE = 64L << 20;

  /** A million entries, 16 GiB, 200 to 1; Linux's own bounds on names and attributes. */
  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(1_000_000, 16L << 30, 200, 4095, 256, 1 << 20, 1 << 16);
}
