package dev.caisson.policy.seccomp;

import java.util.List;

/** What rules decide, as a diagram; made from the clauses alone, with nothing of the compiler. */
final class RulesDiagram {
  private final Diagrams diagrams;
  private final FilterRules rules;

  private RulesDiagram(Diagrams diagrams, FilterRules rules) {
    this.diagrams = diagrams;
    this.rules = rules;
  }

  static int of(Diagrams diagrams, FilterRules rules) throws Undecided {
    return new RulesDiagram(diagrams, rules).filter();
  }

  private int filter() throws Undecided {
    int node = action(new SeccompAction.KillProcess());
    for (int arch : rules.auditArchs()) {
      int isArch = diagrams.equal(Bpf.ARCH / 4, -1, arch);
      node = diagrams.choice(isArch, numbers(rules.ranges(arch)), node);
    }
    return node;
  }

  private int numbers(List<CallRange> ranges) throws Undecided {
    int node = call(ranges.get(0));
    for (CallRange range : ranges.subList(1, ranges.size())) {
      int from = diagrams.atLeast(Bpf.NUMBER / 4, -1, (int) range.first());
      node = diagrams.choice(from, call(range), node);
    }
    return node;
  }

  private int call(CallRange range) throws Undecided {
    int node = action(range.otherwise());
    List<Clause> clauses = range.clauses();
    for (int i = clauses.size() - 1; i >= 0; i--) {
      int holds = Diagrams.ALWAYS;
      for (ArgumentTest test : clauses.get(i).tests()) {
        holds = diagrams.choice(test(range, test), holds, Diagrams.NEVER);
      }
      node = diagrams.choice(holds, action(clauses.get(i).action()), node);
    }
    if (rules.looksAtOrigin(range)) {
      int origin = diagrams.equal(Bpf.POINTER_HIGH / 4, -1, VsyscallPage.HIGH);
      node = diagrams.choice(origin, action(VsyscallPage.REFUSED), node);
    }
    return node;
  }

  private int action(SeccompAction action) throws Undecided {
    return diagrams.returning(action.returnValue());
  }

  private int test(CallRange range, ArgumentTest test) throws Undecided {
    int low = range.abi().low(test.argument()) / 4;
    int high = range.abi().high(test.argument()) / 4;
    long all = ArgumentTest.widthMask(range.widths().get(test.argument()));
    if (test instanceof ArgumentTest.Masked masked) {
      int inLow = diagrams.equal(low, (int) masked.mask(), (int) masked.value());
      int inHigh =
          diagrams.equal(high, (int) (masked.mask() >>> 32), (int) (masked.value() >>> 32));
      return diagrams.choice(inHigh, inLow, Diagrams.NEVER);
    }
    int node = Diagrams.NEVER;
    for (ArgumentTest.Range interval : ((ArgumentTest.InRanges) test).ranges()) {
      int within = atLeast(high, low, all, interval.first());
      if (interval.last() != all) {
        int beyond = atLeast(high, low, all, interval.last() + 1);
        within = diagrams.choice(beyond, Diagrams.NEVER, within);
      }
      node = diagrams.choice(within, Diagrams.ALWAYS, node);
    }
    return node;
  }

  /** Holds where the argument, under the mask {@code all}, is at least {@code value}. */
  private int atLeast(int high, int low, long all, long value) throws Undecided {
    int highMask = (int) (all >>> 32);
    int highValue = (int) (value >>> 32);
    int inLow = diagrams.atLeast(low, (int) all, (int) value);
    int sameHigh = diagrams.equal(high, highMask, highValue);
    int node = diagrams.choice(sameHigh, inLow, Diagrams.NEVER);
    return diagrams.choice(diagrams.greater(high, highMask, highValue), Diagrams.ALWAYS, node);
  }
}
