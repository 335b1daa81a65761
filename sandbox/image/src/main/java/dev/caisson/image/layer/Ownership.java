package dev.caisson.image.layer;

/**
 * Who owns the files of an unpacked layer. An ordinary user's layers are the caller's own, whatever
 * the archive says; called by root, each id of the archive is moved into a range, so that nothing
 * inside is the host's root.
 *
 * @param first the host's id for the archive's id 0
 * @param ids how many ids the range has; 0 where all files are the caller's
 */
public record Ownership(long first, long ids) {
  /** All files are the caller's; no owner is ever changed. */
  public static final Ownership CALLER = new Ownership(0, 0);

  /** The id that files get whose own lies outside the range: "nobody" by convention. */
  private static final long NOBODY = 65534;

  public Ownership {
    if (first < 0 || ids < 0 || first + ids > 0xffffffffL || (ids > 0 && first == 0)) {
      throw new IllegalArgumentException("no range of ids: " + ids + " from " + first);
    }
  }

  /** The range of {@code ids} ids from {@code first}, which is not 0. */
  public static Ownership range(long first, long ids) {
    if (ids < 1) {
      throw new IllegalArgumentException("an empty range of ids");
    }
    return new Ownership(first, ids);
  }

  /** True where owners are set at all. */
  public boolean isRange() {
    return ids > 0;
  }

  /** True if the archive's {@code id} has one of its own in the range. */
  boolean holds(long id) {
    return id >= 0 && id < ids;
  }

  /** The host's id for the archive's {@code id}. */
  long host(long id) {
    return first + (holds(id) ? id : Math.min(NOBODY, ids - 1));
  }

  /** What tells layers of this class from others in the store; empty for the caller's own. */
  public String suffix() {
    return isRange() ? "." + first + "." + ids : "";
  }
}
