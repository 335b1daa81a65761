package dev.caisson.image.layer;

import dev.caisson.image.tar.ArchiveProblem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Why a layer is refused: each reason once, and what was left out before it came to that. */
final class Problems {
  private static final int MOST = 20;

  private final Notes notes;
  private final Set<String> reasons = new LinkedHashSet<>();

  Problems(Notes notes) {
    this.notes = notes;
  }

  /** Notes a reason; a layer with too many of them is not worth to be read further. */
  void add(ArchiveProblem problem) throws ArchiveProblem {
    reasons.add(String.valueOf(problem.getMessage()));
    if (reasons.size() == MOST) {
      throw refusal();
    }
  }

  void requireNone() throws ArchiveProblem {
    if (!reasons.isEmpty()) {
      throw refusal();
    }
  }

  ArchiveProblem refusal() {
    List<UnpackNote> left = notes.list();
    StringBuilder text = new StringBuilder(String.join("; ", reasons));
    for (UnpackNote note : left.subList(0, Math.min(left.size(), MOST))) {
      text.append("; ").append(note);
    }
    if (left.size() > MOST) {
      text.append("; and ").append(left.size() - MOST).append(" more notes");
    }
    return new ArchiveProblem(text.toString());
  }
}
