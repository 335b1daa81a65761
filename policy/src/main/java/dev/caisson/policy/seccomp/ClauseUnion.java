package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one clause of several that do the same and differ only in the ranges of one argument. All
 * must be of one layer, where those that do the same may stand in any order.
 */
final class ClauseUnion {
  private record Rest(List<ArgumentTest> tests, SeccompAction action) {}

  private ClauseUnion() {}

  /**
   * @param clauses the strictest first
   * @param widths the low bytes of each argument that are looked at
   */
  static List<Clause> of(List<Clause> clauses, List<Integer> widths) {
    List<Clause> left = clauses;
    for (int argument = SyscallTable.ARGUMENTS - 1; argument >= 0 && left.size() > 1; argument--) {
      left = over(argument, left, ArgumentTest.widthMask(widths.get(argument)));
    }
    return left;
  }

  private static List<Clause> over(int argument, List<Clause> clauses, long last) {
    Map<Rest, List<ArgumentTest.Range>> unions = new LinkedHashMap<>();
    for (Clause clause : clauses) {
      List<ArgumentTest> rest = new ArrayList<>();
      List<ArgumentTest.Range> ranges = List.of(new ArgumentTest.Range(0, last));
      for (ArgumentTest test : clause.tests()) {
        if (test instanceof ArgumentTest.InRanges in && in.argument() == argument) {
          ranges = in.ranges();
        } else {
          rest.add(test);
        }
      }
      Rest key = new Rest(rest, clause.action());
      List<ArgumentTest.Range> known = unions.get(key);
      if (known == null) {
        unions.put(key, new ArrayList<>(ranges));
      } else {
        known.addAll(ranges);
      }
    }
    List<Clause> all = new ArrayList<>();
    for (Map.Entry<Rest, List<ArgumentTest.Range>> union : unions.entrySet()) {
      List<ArgumentTest> tests = new ArrayList<>();
      List<ArgumentTest.Range> ranges = joined(union.getValue());
      if (ranges.get(0).first() != 0 || ranges.get(0).last() != last) {
        tests.add(new ArgumentTest.InRanges(argument, ranges));
      }
      tests.addAll(union.getKey().tests());
      all.add(new Clause(tests, union.getKey().action()));
    }
    return all;
  }

  /** The same numbers, in ranges that are sorted, disjoint and not adjacent. */
  private static List<ArgumentTest.Range> joined(List<ArgumentTest.Range> ranges) {
    ranges.sort((a, b) -> Long.compareUnsigned(a.first(), b.first()));
    List<ArgumentTest.Range> joined = new ArrayList<>();
    for (ArgumentTest.Range range : ranges) {
      int at = joined.size() - 1;
      boolean touches =
          at >= 0
              && (joined.get(at).last() == -1
                  || Long.compareUnsigned(range.first(), joined.get(at).last() + 1) <= 0);
      if (!touches) {
        joined.add(range);
      } else if (Long.compareUnsigned(range.last(), joined.get(at).last()) > 0) {
        joined.set(at, new ArgumentTest.Range(joined.get(at).first(), range.last()));
      }
    }
    return joined;
  }
}
