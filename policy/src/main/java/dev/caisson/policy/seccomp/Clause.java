package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of a call's decision: the first clause whose tests all hold decides. At most one test by
 * ranges per argument.
 */
record Clause(List<ArgumentTest> tests, SeccompAction action) {
  Clause {
    tests = List.copyOf(tests);
  }

  /**
   * The clause of a rule; empty where its checks can never all hold.
   *
   * @param widths the low bytes of each argument that are looked at
   */
  static Optional<Clause> of(SyscallRule rule, List<Integer> widths) {
    ArgumentTest.InRanges[] ranges = new ArgumentTest.InRanges[SyscallTable.ARGUMENTS];
    List<ArgumentTest> tests = new ArrayList<>();
    for (ArgumentCheck check : rule.when()) {
      int width = widths.get(check.argument());
      ArgumentTest test = ArgumentTest.of(check, width);
      if (test instanceof ArgumentTest.InRanges inRanges) {
        var before = ranges[check.argument()];
        ranges[check.argument()] = before == null ? inRanges : before.and(inRanges);
      } else {
        tests.add(test);
      }
    }
    for (int i = 0; i < ranges.length; i++) {
      var test = ranges[i];
      if (test == null) {
        continue;
      }
      if (test.ranges().isEmpty()) {
        return Optional.empty();
      }
      var first = test.ranges().get(0);
      boolean always = first.first() == 0 && first.last() == ArgumentTest.widthMask(widths.get(i));
      if (!always) {
        tests.add(0, test);
      }
    }
    return Optional.of(new Clause(tests, rule.action()));
  }

  boolean unconditional() {
    return tests.isEmpty();
  }

  /** Whether it holds for arguments already cut to their widths. */
  boolean holds(long[] arguments) {
    for (ArgumentTest test : tests) {
      if (!test.holds(arguments[test.argument()])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether some arguments may satisfy both. Ranges are decided exactly; a mask beside ranges or
   * another mask counts as satisfiable unless two masks contradict each other.
   */
  boolean mayOverlap(Clause other) {
    for (ArgumentTest mine : tests) {
      for (ArgumentTest theirs : other.tests) {
        if (mine.argument() == theirs.argument() && disjoint(mine, theirs)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean disjoint(ArgumentTest one, ArgumentTest two) {
    if (one instanceof ArgumentTest.Masked a && two instanceof ArgumentTest.Masked b) {
      return (a.value() & b.mask()) != (b.value() & a.mask());
    }
    if (one instanceof ArgumentTest.InRanges a && two instanceof ArgumentTest.InRanges b) {
      return a.and(b).ranges().isEmpty();
    }
    return one instanceof ArgumentTest.InRanges a ? noneOf(a, two) : noneOf(two, one);
  }

  private static boolean noneOf(ArgumentTest ranges, ArgumentTest mask) {
    for (var range : ((ArgumentTest.InRanges) ranges).ranges()) {
      if (range.first() != range.last() || mask.holds(range.first())) {
        return false;
      }
    }
    return true;
  }
}
