package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.TarEntry;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which extended attributes of an entry are kept: those of the user's namespace, but not
 * overlayfs's, which would steer what a mount shows. File capabilities, security labels, access
 * lists and trusted attributes are left out and noted.
 */
final class Attributes {
  private static final byte[] USER = "user.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OVERLAY = "user.overlay.".getBytes(StandardCharsets.US_ASCII);

  /** Sets one attribute of an open file or directory. */
  interface Setter {
    void set(UnixPath name, byte[] value) throws FileProblem;
  }

  private Attributes() {}

  static boolean isKept(UnixPath name) {
    return startsWith(name, USER) && !startsWith(name, OVERLAY);
  }

  /** Sets what may be kept, and notes the rest. */
  static void apply(TarEntry entry, Setter file, Notes notes) throws FileProblem {
    for (TarEntry.Attribute attribute : entry.attributes()) {
      if (!isKept(attribute.name())) {
        leftOut(entry, attribute.name(), "", notes);
        continue;
      }
      try {
        file.set(attribute.name(), attribute.value());
      } catch (FileProblem problem) {
        if (!isFileSystemsOwnLimit(problem)) {
          throw problem;
        }
        leftOut(entry, attribute.name(), "; the file system does not take it", notes);
      }
    }
    noteIgnored(entry, notes);
  }

  /** Notes all attributes of an entry that can have none. */
  static void leaveOut(TarEntry entry, Notes notes) {
    for (TarEntry.Attribute attribute : entry.attributes()) {
      leftOut(entry, attribute.name(), "", notes);
    }
    noteIgnored(entry, notes);
  }

  private static void noteIgnored(TarEntry entry, Notes notes) {
    for (UnixPath name : entry.ignored()) {
      leftOut(entry, name, "", notes);
    }
  }

  private static boolean isFileSystemsOwnLimit(FileProblem problem) {
    return problem.is(Errno.EOPNOTSUPP)
        || problem.is(Errno.ENOSPC)
        || problem.is(Errno.E2BIG)
        || problem.is(Errno.ERANGE);
  }

  private static void leftOut(TarEntry entry, UnixPath name, String why, Notes notes) {
    notes.add(
        UnpackNote.Kind.ATTRIBUTE, entry.name(), "the attribute " + name + " is left out" + why);
  }

  private static boolean startsWith(UnixPath name, byte[] prefix) {
    byte[] bytes = name.bytes();
    return bytes.length > prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
