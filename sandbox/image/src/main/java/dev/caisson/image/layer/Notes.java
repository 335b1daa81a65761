package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.List;

/** Collects notes, a bounded number of them: a hostile layer can cause millions. */
final class Notes {
  private static final int KEPT = 1000;

  private final List<UnpackNote> notes = new ArrayList<>();
  private long dropped;

  void add(UnpackNote.Kind kind, UnixPath path, String detail) {
    if (notes.size() < KEPT) {
      notes.add(new UnpackNote(kind, path, detail));
    } else {
      dropped++;
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
