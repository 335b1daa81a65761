package dev.caisson.image.layer;

import dev.caisson.UnixPath;

/**
 * Something a layer asked for and did not get, to be shown to the user.
 *
 * @param path the entry's name in the layer
 * @param detail what was left out, safe to print
 */
public record UnpackNote(Kind kind, UnixPath path, String detail) {
  /** Why it was left out. */
  public enum Kind {
    /** A device node, which nothing in a sandbox may bring along. */
    DEVICE,
    /** A setuid or setgid bit. */
    SET_ID,
    /** An extended attribute that gives rights or steers the file system. */
    ATTRIBUTE,
    /** An absolute name, taken beneath the layer's root. */
    ABSOLUTE_NAME,
    /** A link of the layer that would lead out of it, followed beneath the layer's root. */
    LINK,
    /** Bookkeeping of the aufs file system. */
    AUFS,
    /** An owner outside the range of ids. */
    OWNER,
    /** More notes than are kept. */
    MORE
  }

  @Override
  public String toString() {
    return path + ": " + detail;
  }
}
