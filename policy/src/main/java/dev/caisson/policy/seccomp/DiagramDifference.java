package dev.caisson.policy.seccomp;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A call on which two diagrams return values that stand in some relation.
 *
 * @param data the sixteen words of the call
 * @param first what the first diagram returns
 * @param second what the second returns
 */
@SuppressWarnings("ArrayRecordComponent") // made and read in one place each
record DiagramDifference(int[] data, int first, int second) {
  /** A relation of two return values, in which none stands to itself. */
  interface Relation {
    boolean holds(int first, int second);
  }

  /** The first such call, bits that do not matter being 0; empty where there is none. */
  static Optional<DiagramDifference> find(
      Diagrams diagrams, int first, int second, Relation relation) {
    return new Search(diagrams, relation).from(first, second, new int[Bpf.DATA_SIZE / 4]);
  }

  /** The same for the calls of one number under one AUDIT_ARCH. */
  static Optional<DiagramDifference> find(
      Diagrams diagrams, int first, int second, int auditArch, int number, Relation relation) {
    int[] data = new int[Bpf.DATA_SIZE / 4];
    data[Bpf.ARCH / 4] = auditArch;
    data[Bpf.NUMBER / 4] = number;
    int one = given(diagrams, first, data);
    int two = given(diagrams, second, data);
    return new Search(diagrams, relation).from(one, two, data);
  }

  /** What is left of a diagram once architecture and number are known; they come first in it. */
  private static int given(Diagrams diagrams, int node, int[] data) {
    int left = node;
    while (diagrams.bit(left) < Diagrams.rank(Bpf.NUMBER / 4, 0) + 1) {
      int rank = diagrams.bit(left);
      boolean set = (data[Diagrams.word(rank)] & Diagrams.bitValue(rank)) != 0;
      left = set ? diagrams.ifSet(left) : diagrams.ifClear(left);
    }
    return left;
  }

  private static final class Search {
    private final Diagrams diagrams;
    private final Relation relation;
    private final Set<Long> fruitless = new HashSet<>();

    Search(Diagrams diagrams, Relation relation) {
      this.diagrams = diagrams;
      this.relation = relation;
    }

    Optional<DiagramDifference> from(int first, int second, int[] data) {
      if (diagrams.isLeaf(first) && diagrams.isLeaf(second)) {
        int one = diagrams.value(first);
        int two = diagrams.value(second);
        return relation.holds(one, two)
            ? Optional.of(new DiagramDifference(data.clone(), one, two))
            : Optional.empty();
      }
      if (first == second || !fruitless.add((long) first << 32 | second)) {
        return Optional.empty();
      }
      int rank = Math.min(diagrams.bit(first), diagrams.bit(second));
      for (boolean set : new boolean[] {false, true}) {
        int word = Diagrams.word(rank);
        int before = data[word];
        if (set) {
          data[word] |= Diagrams.bitValue(rank);
        }
        Optional<DiagramDifference> found =
            from(under(first, rank, set), under(second, rank, set), data);
        if (found.isPresent()) {
          return found;
        }
        data[word] = before;
      }
      return Optional.empty();
    }

    private int under(int node, int rank, boolean set) {
      if (diagrams.bit(node) != rank) {
        return node;
      }
      return set ? diagrams.ifSet(node) : diagrams.ifClear(node);
    }
  }
}
