package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.image.layer.LayerContent;
import dev.caisson.image.layer.UnpackNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the store keeps beside an unpacked layer: its whole key, since its directory's name is a
 * short form, and what a mount or a user needs to know of it. Lines of words, paths in hexadecimal.
 */
record LayerRecord(String key, LayerContent content) {
  private static final String HEAD = "caisson-layer 1";

  byte[] bytes() {
    StringBuilder out = new StringBuilder(HEAD).append('\n');
    out.append("key ").append(key).append('\n');
    content.opaque().stream()
        .sorted()
        .forEach(path -> out.append("opaque ").append(hex(path)).append('\n'));
    for (UnpackNote note : content.notes()) {
      out.append("note ").append(note.kind()).append(' ').append(hex(note.path()));
      out.append(' ').append(note.detail()).append('\n');
    }
    return out.append("end\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a record; empty if it is damaged. */
  static Optional<LayerRecord> read(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    int end = lines.length - 2;
    if (end < 2
        || !lines[0].equals(HEAD)
        || !lines[1].startsWith("key ")
        || !lines[end].equals("end")) {
      return Optional.empty();
    }
    Set<UnixPath> opaque = new HashSet<>();
    List<UnpackNote> notes = new ArrayList<>();
    try {
      for (int i = 2; i < end; i++) {
        String[] words = lines[i].split(" ", 4);
        if (words[0].equals("opaque")) {
          opaque.add(path(words[1]));
        } else if (words[0].equals("note")) {
          UnpackNote.Kind kind = UnpackNote.Kind.valueOf(words[1]);
          notes.add(new UnpackNote(kind, path(words[2]), words[3]));
        } else {
          return Optional.empty();
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException damaged) {
      return Optional.empty();
    }
    boolean dependent = lines[1].startsWith("key chain");
    return Optional.of(
        new LayerRecord(
            lines[1].substring("key ".length()), new LayerContent(dependent, opaque, notes)));
  }

  /** True if nothing of lower layers shows through this one. */
  boolean hidesAllBeneath() {
    return content.opaque().contains(LayerContent.ROOT);
  }

  private static String hex(UnixPath path) {
    return HexFormat.of().formatHex(path.bytes());
  }

  private static UnixPath path(String hex) {
    return UnixPath.of(HexFormat.of().parseHex(hex));
  }
}
