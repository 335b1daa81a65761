package dev.caisson.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * Ids of one kind, users or groups, that newuidmap(1) or newgidmap(1) maps for an ordinary user:
 * the caller's own at a number of its choice, and around it a subordinate range.
 *
 * @param inside the caller's number inside
 * @param host the caller's on the host
 * @param first the range's first id on the host
 * @param count how many ids the range has
 */
record DelegatedIds(long inside, long host, long first, long count) {
  /** {@code count} ids from {@code inside} on are those from {@code outside} on. */
  private record Part(long inside, long outside, long count) {
    String line() {
      return inside + " " + outside + " " + count;
    }
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    long below = Math.min(inside, count);
    if (below > 0) {
      parts.add(new Part(0, first, below));
    }
    parts.add(new Part(inside, host, 1));
    if (count > below) {
      parts.add(new Part(inside + 1, first + below, count - below));
    }
    return parts;
  }

  /** The lines of the map. */
  String lines() {
    return String.join("\n", parts().stream().map(Part::line).toList());
  }

  /** The same as the tool's arguments behind the process id. */
  List<String> arguments() {
    List<String> words = new ArrayList<>();
    for (Part part : parts()) {
      words.addAll(List.of(part.line().split(" ", -1)));
    }
    return words;
  }

  /** Whether the id {@code wanted} inside is one of the host's. */
  boolean knows(long wanted) {
    return parts().stream()
        .anyMatch(part -> wanted >= part.inside() && wanted - part.inside() < part.count());
  }

  /** Whether the host's id {@code id} is known inside. */
  boolean holds(long id) {
    return parts().stream()
        .anyMatch(part -> id >= part.outside() && id - part.outside() < part.count());
  }
}
