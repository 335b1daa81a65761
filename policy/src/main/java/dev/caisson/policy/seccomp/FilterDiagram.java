package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a filter returns, as a diagram. Every way through the program is followed; the accumulator
 * is always a word of the call under a mask.
 */
final class FilterDiagram {
  private final Diagrams diagrams;
  private final List<SockFilter> instructions;

  /** For each instruction, what the accumulator may be when it runs, and the diagram from there. */
  private final List<Map<Accumulator, Integer>> reached = new ArrayList<>();

  private record Accumulator(int word, int mask) {
    static final Accumulator ZERO = new Accumulator(0, 0);

    Accumulator and(int bits) {
      return (mask & bits) == 0 ? ZERO : new Accumulator(word, mask & bits);
    }
  }

  private FilterDiagram(Diagrams diagrams, BpfProgram program) {
    this.diagrams = diagrams;
    instructions = program.instructions();
  }

  /**
   * @throws Undecided for an operation that Caisson's filters do not use, or one that no kernel
   *     takes
   */
  static int of(Diagrams diagrams, BpfProgram program) throws Undecided {
    FilterDiagram filter = new FilterDiagram(diagrams, program);
    filter.follow();
    filter.build();
    return filter.at(0, Accumulator.ZERO);
  }

  private void follow() throws Undecided {
    for (int i = 0; i < instructions.size(); i++) {
      reached.add(new HashMap<>());
    }
    reached.get(0).put(Accumulator.ZERO, Diagrams.NEVER);
    long states = 0;
    for (int at = 0; at < instructions.size(); at++) {
      states += reached.get(at).size();
      if (states > FilterProver.BUDGET) {
        throw new Undecided("the accumulator may hold too many things");
      }
      for (Accumulator accumulator : reached.get(at).keySet()) {
        step(at, accumulator);
      }
    }
  }

  private void step(int at, Accumulator accumulator) throws Undecided {
    SockFilter i = instructions.get(at);
    switch (i.code()) {
      case Bpf.LD -> reach(at, at + 1L, loaded(at, i.k()));
      case Bpf.AND -> reach(at, at + 1L, accumulator.and(i.k()));
      case Bpf.JA -> reach(at, at + 1L + Integer.toUnsignedLong(i.k()), accumulator);
      case Bpf.JEQ, Bpf.JGT, Bpf.JGE, Bpf.JSET -> {
        reach(at, at + 1L + i.jt(), accumulator);
        reach(at, at + 1L + i.jf(), accumulator);
      }
      case Bpf.RET -> {}
      default ->
          throw new Undecided(
              "instruction " + at + " has the operation 0x" + Integer.toHexString(i.code()));
    }
  }

  private static Accumulator loaded(int at, int offset) throws Undecided {
    if (offset < 0 || offset >= Bpf.DATA_SIZE || offset % 4 != 0) {
      throw new Undecided("instruction " + at + " loads byte " + Integer.toUnsignedString(offset));
    }
    return new Accumulator(offset / 4, -1);
  }

  private void reach(int from, long to, Accumulator accumulator) throws Undecided {
    if (to >= instructions.size()) {
      throw new Undecided("instruction " + from + " leads past the end");
    }
    reached.get((int) to).put(accumulator, Diagrams.NEVER);
  }

  /** From the last instruction to the first: jumps lead forwards only. */
  private void build() throws Undecided {
    for (int at = instructions.size() - 1; at >= 0; at--) {
      for (Map.Entry<Accumulator, Integer> entry : reached.get(at).entrySet()) {
        entry.setValue(diagram(at, entry.getKey()));
      }
    }
  }

  private int diagram(int at, Accumulator accumulator) throws Undecided {
    SockFilter i = instructions.get(at);
    return switch (i.code()) {
      case Bpf.RET -> diagrams.returning(i.k());
      case Bpf.LD -> at(at + 1, loaded(at, i.k()));
      case Bpf.AND -> at(at + 1, accumulator.and(i.k()));
      case Bpf.JA -> at(at + 1 + i.k(), accumulator);
      default ->
          diagrams.choice(
              condition(i, accumulator),
              at(at + 1 + i.jt(), accumulator),
              at(at + 1 + i.jf(), accumulator));
    };
  }

  private int condition(SockFilter i, Accumulator accumulator) throws Undecided {
    int word = accumulator.word();
    int mask = accumulator.mask();
    return switch (i.code()) {
      case Bpf.JEQ -> diagrams.equal(word, mask, i.k());
      case Bpf.JGE -> diagrams.atLeast(word, mask, i.k());
      case Bpf.JGT -> diagrams.greater(word, mask, i.k());
      default -> diagrams.anyOf(word, mask & i.k());
    };
  }

  private int at(int instruction, Accumulator accumulator) {
    Integer node = reached.get(instruction).get(accumulator);
    if (node == null) {
      throw new IllegalStateException("instruction " + instruction + " was not followed");
    }
    return node;
  }
}
