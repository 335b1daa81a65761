package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects notes, a bounded number of them: a hostile layer can cause millions. */
final class Notes {
  private static final int KEPT = 1000;

  private final List<UnpackNote> notes = new ArrayList<>();
  private final Set<UnixPath> once = new HashSet<>();
  private long dropped;

  void add(UnpackNote.Kind kind, UnixPath path, String detail) {
    if (notes.size() < KEPT) {
      notes.add(new UnpackNote(kind, path, detail));
    } else {
      dropped++;
    }
  }

  /** Adds a note unless it is there, for what many entries cause. */
  void addOnce(UnpackNote.Kind kind, UnixPath path, String detail) {
    if (once.size() < KEPT && once.add(path)) {
      add(kind, path, detail);
    }
  }

  List<UnpackNote> list() {
    List<UnpackNote> all = new ArrayList<>(notes);
    if (dropped > 0) {
      all.add(
          new UnpackNote(UnpackNote.Kind.MORE, UnixPath.of("."), "and " + dropped + " more notes"));
    }
    return List.copyOf(all);
  }
}
