package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveProblem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The names that mark deletions in a layer (OCI image-spec, layer.md, "Whiteouts"). */
final class WhiteoutName {
  private static final byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] META = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);
  private static final UnixPath OPAQUE = UnixPath.of(".wh..wh..opq");

  private WhiteoutName() {}

  static boolean isWhiteout(UnixPath name) {
    return startsWith(name, PREFIX);
  }

  static boolean isOpaque(UnixPath name) {
    return name.equals(OPAQUE);
  }

  /** True if a component is aufs's own bookkeeping, and so all that lies beneath it. */
  static boolean isAufs(List<UnixPath> components) {
    for (UnixPath component : components) {
      if (startsWith(component, META) && !isOpaque(component)) {
        return true;
      }
    }
    return false;
  }

  /** The name that {@code whiteout} deletes; refused if it is none. */
  static UnixPath deleted(UnixPath whiteout) throws ArchiveProblem {
    byte[] bytes = whiteout.bytes();
    byte[] rest = Arrays.copyOfRange(bytes, PREFIX.length, bytes.length);
    UnixPath name = UnixPath.of(rest);
    if (rest.length == 0 || name.equals(EntryPath.DOT) || name.equals(EntryPath.DOTS)) {
      throw new ArchiveProblem("the whiteout " + whiteout + " deletes no name");
    }
    return name;
  }

  private static boolean startsWith(UnixPath name, byte[] prefix) {
    byte[] bytes = name.bytes();
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
