package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Turns one call's clauses into nodes. The domain of one argument after the other is cut where any
 * clause changes, so that each word is loaded once; where that grows beyond a bound the clauses are
 * tested one after the other instead, which never grows.
 */
final class CallDecision {
  private static final int MOST_STATES = 2000;

  private static final class TooMany extends Exception {
    TooMany() {
      super(null, null, false, false);
    }
  }

  private final FilterGraph graph;
  private final CallRange call;
  private final int otherwise;
  private int states;

  CallDecision(FilterGraph graph, CallRange call) {
    this.graph = graph;
    this.call = call;
    this.otherwise = graph.returning(call.otherwise());
  }

  int node() {
    try {
      return cut(call.clauses());
    } catch (TooMany exploded) {
      return oneAfterTheOther(call.clauses());
    }
  }

  private int oneAfterTheOther(List<Clause> clauses) {
    int node = otherwise;
    for (int i = clauses.size() - 1; i >= 0; i--) {
      Clause clause = clauses.get(i);
      int next = node;
      node = graph.returning(clause.action());
      for (int t = clause.tests().size() - 1; t >= 0; t--) {
        ArgumentTest test = clause.tests().get(t);
        node =
            test instanceof ArgumentTest.Masked masked
                ? masked(masked, node, next)
                : inRanges((ArgumentTest.InRanges) test, node, next);
      }
    }
    return node;
  }

  private int inRanges(ArgumentTest.InRanges test, int yes, int no) {
    List<Long> starts = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    long last = ArgumentTest.widthMask(call.widths().get(test.argument()));
    if (test.ranges().get(0).first() != 0) {
      starts.add(0L);
      targets.add(no);
    }
    for (var range : test.ranges()) {
      starts.add(range.first());
      targets.add(yes);
      if (range.last() != last) {
        starts.add(range.last() + 1);
        targets.add(no);
      }
    }
    return WordSearch.of(
        graph, call.abi(), test.argument(), call.widths().get(test.argument()), starts, targets);
  }

  private int cut(List<Clause> all) throws TooMany {
    List<Clause> clauses = reachable(all);
    if (clauses.isEmpty()) {
      return otherwise;
    }
    Clause first = clauses.get(0);
    if (first.unconditional()) {
      return graph.returning(first.action());
    }
    if (++states > MOST_STATES) {
      throw new TooMany();
    }
    ArgumentTest test = first.tests().get(0);
    return test instanceof ArgumentTest.Masked masked
        ? masked(masked, cut(given(clauses, masked, true)), cut(given(clauses, masked, false)))
        : cutRanges(clauses, test.argument());
  }

  private int cutRanges(List<Clause> clauses, int argument) throws TooMany {
    TreeSet<Long> cuts = new TreeSet<>(Long::compareUnsigned);
    cuts.add(0L);
    long last = ArgumentTest.widthMask(call.widths().get(argument));
    for (Clause clause : clauses) {
      for (ArgumentTest test : clause.tests()) {
        if (test instanceof ArgumentTest.InRanges in && in.argument() == argument) {
          for (var range : in.ranges()) {
            cuts.add(range.first());
            if (range.last() != last) {
              cuts.add(range.last() + 1);
            }
          }
        }
      }
    }
    if (cuts.size() > MOST_STATES) {
      throw new TooMany();
    }
    List<Long> starts = List.copyOf(cuts);
    List<Integer> targets = new ArrayList<>();
    for (long start : starts) {
      targets.add(cut(given(clauses, argument, start)));
    }
    return WordSearch.of(graph, call.abi(), argument, call.widths().get(argument), starts, targets);
  }

  /**
   * The clauses up to the first unconditional one, without a tail that says what follows anyway.
   */
  private List<Clause> reachable(List<Clause> clauses) {
    int end = 0;
    while (end < clauses.size() && !clauses.get(end).unconditional()) {
      end++;
    }
    int last = otherwise;
    if (end < clauses.size()) {
      last = graph.returning(clauses.get(end).action());
    }
    int keep = end;
    while (keep > 0 && graph.returning(clauses.get(keep - 1).action()) == last) {
      keep--;
    }
    List<Clause> kept = new ArrayList<>(clauses.subList(0, keep));
    if (end < clauses.size() && last != otherwise) {
      kept.add(clauses.get(end));
    }
    return kept;
  }

  /** What the clauses still ask where {@code argument} is in the interval from {@code value}. */
  private static List<Clause> given(List<Clause> clauses, int argument, long value) {
    List<Clause> left = new ArrayList<>();
    for (Clause clause : clauses) {
      List<ArgumentTest> tests = new ArrayList<>();
      boolean possible = true;
      for (ArgumentTest test : clause.tests()) {
        if (test instanceof ArgumentTest.InRanges && test.argument() == argument) {
          possible &= test.holds(value);
        } else {
          tests.add(test);
        }
      }
      if (possible) {
        left.add(new Clause(tests, clause.action()));
      }
    }
    return left;
  }

  /** What the clauses still ask where {@code known} holds, or does not. */
  private static List<Clause> given(
      List<Clause> clauses, ArgumentTest.Masked known, boolean holds) {
    List<Clause> left = new ArrayList<>();
    for (Clause clause : clauses) {
      List<ArgumentTest> tests = new ArrayList<>();
      for (ArgumentTest test : clause.tests()) {
        if (!(test instanceof ArgumentTest.Masked masked && masked.same(known))) {
          tests.add(test);
        }
      }
      boolean asks = tests.size() < clause.tests().size();
      if (!asks || holds) {
        left.add(asks ? new Clause(tests, clause.action()) : clause);
      }
    }
    return left;
  }

  private int masked(ArgumentTest.Masked test, int yes, int no) {
    int lowMask = (int) test.mask();
    int highMask = (int) (test.mask() >>> 32);
    int node = yes;
    if (lowMask != 0) {
      node =
          graph.load(call.abi().low(test.argument()), bits(lowMask, (int) test.value(), yes, no));
    }
    if (highMask != 0) {
      int high = (int) (test.value() >>> 32);
      node = graph.load(call.abi().high(test.argument()), bits(highMask, high, node, no));
    }
    return node;
  }

  private int bits(int mask, int value, int yes, int no) {
    if (value == 0) {
      return graph.test(Bpf.JSET, mask, no, yes);
    }
    if (value == mask && Integer.bitCount(mask) == 1) {
      return graph.test(Bpf.JSET, mask, yes, no);
    }
    int equal = graph.test(Bpf.JEQ, value, yes, no);
    return mask == -1 || yes == no ? equal : graph.mask(mask, equal);
  }
}
