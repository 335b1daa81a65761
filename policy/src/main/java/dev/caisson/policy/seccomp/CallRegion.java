package dev.caisson.policy.seccomp;

import dev.caisson.policy.seccomp.ArgumentTest.InRanges;
import dev.caisson.policy.seccomp.ArgumentTest.Masked;
import dev.caisson.policy.seccomp.ArgumentTest.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Arguments of a call for which some tests hold: at most one by ranges and one by a mask for each.
 *
 * @param widths how many low bytes of each argument count
 */
record CallRegion(List<Integer> widths, List<ArgumentTest> tests) {
  CallRegion {
    widths = List.copyOf(widths);
    tests = List.copyOf(tests);
  }

  /** Where {@code clause} holds too; empty where it never does. */
  Optional<CallRegion> and(Clause clause) {
    Optional<CallRegion> region = Optional.of(this);
    for (ArgumentTest test : clause.tests()) {
      region = region.flatMap(r -> r.and(test));
    }
    return region;
  }

  /** Where {@code clause} does not hold, in disjoint parts. */
  List<CallRegion> without(Clause clause) {
    List<CallRegion> parts = new ArrayList<>();
    Optional<CallRegion> rest = Optional.of(this);
    List<ArgumentTest> ordered = new ArrayList<>(clause.tests());
    // the complement of a range takes one comparison of a whole register, else one for each bit
    ordered.sort(Comparator.comparing(test -> -widths.get(test.argument())));
    for (ArgumentTest test : ordered) {
      for (ArgumentTest other : complement(test)) {
        rest.flatMap(r -> r.and(other)).ifPresent(parts::add);
      }
      rest = rest.flatMap(r -> r.and(test));
    }
    return parts;
  }

  private Optional<CallRegion> and(ArgumentTest test) {
    List<ArgumentTest> more = new ArrayList<>();
    ArgumentTest all = test;
    for (ArgumentTest mine : tests) {
      if (mine.argument() != test.argument() || mine.getClass() != test.getClass()) {
        more.add(mine);
        continue;
      }
      Optional<ArgumentTest> both = both(mine, test);
      if (both.isEmpty()) {
        return Optional.empty();
      }
      all = both.get();
    }
    if (all instanceof InRanges ranges && ranges.ranges().isEmpty()) {
      return Optional.empty();
    }
    more.add(all);
    return Optional.of(new CallRegion(widths, more));
  }

  /** Both as one region, where they differ in the ranges of one argument only. */
  Optional<CallRegion> joined(CallRegion other) {
    List<ArgumentTest> mine = new ArrayList<>(tests);
    List<ArgumentTest> theirs = new ArrayList<>(other.tests);
    mine.removeAll(other.tests);
    theirs.removeAll(tests);
    if (mine.size() != 1
        || theirs.size() != 1
        || !(mine.get(0) instanceof InRanges one)
        || !(theirs.get(0) instanceof InRanges two)
        || one.argument() != two.argument()) {
      return Optional.empty();
    }
    InRanges gaps = (InRanges) complement(one).get(0);
    InRanges left = gaps.and((InRanges) complement(two).get(0));
    List<ArgumentTest> common = new ArrayList<>(tests);
    common.remove(one);
    if (!left.ranges().isEmpty()) {
      common.add(complement(left).get(0));
    }
    return Optional.of(new CallRegion(widths, common));
  }

  /** Two tests of one argument and one kind as one; empty where they exclude each other. */
  private static Optional<ArgumentTest> both(ArgumentTest one, ArgumentTest two) {
    if (one instanceof InRanges a && two instanceof InRanges b) {
      InRanges both = a.and(b);
      return both.ranges().isEmpty() ? Optional.empty() : Optional.of(both);
    }
    Masked a = (Masked) one;
    Masked b = (Masked) two;
    return ((a.value() ^ b.value()) & a.mask() & b.mask()) != 0
        ? Optional.empty()
        : Optional.of(new Masked(a.argument(), a.mask() | b.mask(), a.value() | b.value()));
  }

  private List<ArgumentTest> complement(ArgumentTest test) {
    List<ArgumentTest> parts = new ArrayList<>();
    if (test instanceof Masked masked) {
      long fixed = 0;
      for (long open = masked.mask(); open != 0; open &= open - 1) {
        long bit = Long.lowestOneBit(open);
        long value = (masked.value() & fixed) | (~masked.value() & bit);
        fixed |= bit;
        parts.add(new Masked(test.argument(), fixed, value));
      }
      return parts;
    }
    List<Range> gaps = new ArrayList<>();
    long next = 0;
    long all = ArgumentTest.widthMask(widths.get(test.argument()));
    boolean open = true;
    for (Range range : ((InRanges) test).ranges()) {
      if (range.first() != next) {
        gaps.add(new Range(next, range.first() - 1));
      }
      open = range.last() != all;
      next = range.last() + 1;
    }
    if (open) {
      gaps.add(new Range(next, all));
    }
    return List.of(new InRanges(test.argument(), gaps));
  }

  /**
   * The same as checks that libseccomp makes over whole registers: one of the lists holds where the
   * region does. Empty where that takes more than {@code most}.
   */
  Optional<List<List<ArgumentCheck>>> checks(int most) {
    List<List<ArgumentCheck>> all = List.of(List.of());
    for (int i = 0; i < SyscallTable.ARGUMENTS; i++) {
      if (!isAsked(i)) {
        continue;
      }
      List<ArgumentCheck> alternatives = alternatives(i);
      if ((long) all.size() * alternatives.size() > most) {
        return Optional.empty();
      }
      List<List<ArgumentCheck>> more = new ArrayList<>();
      for (List<ArgumentCheck> before : all) {
        for (ArgumentCheck check : alternatives) {
          List<ArgumentCheck> longer = new ArrayList<>(before);
          longer.add(check);
          more.add(longer);
        }
      }
      all = more;
    }
    return Optional.of(all);
  }

  private boolean isAsked(int argument) {
    return tests.stream().anyMatch(test -> test.argument() == argument);
  }

  /** None where a mask and ranges exclude each other. */
  private List<ArgumentCheck> alternatives(int argument) {
    long all = ArgumentTest.widthMask(widths.get(argument));
    Masked mask = new Masked(argument, 0, 0);
    List<Range> ranges = List.of();
    for (ArgumentTest test : tests) {
      if (test.argument() == argument && test instanceof Masked masked) {
        mask = masked;
      } else if (test.argument() == argument) {
        ranges = ((InRanges) test).ranges();
      }
    }
    if (ranges.isEmpty()) {
      return List.of(ArgumentCheck.masked(argument, mask.mask(), mask.value()));
    }
    if (all == -1 && mask.mask() == 0) {
      Optional<ArgumentCheck> one = comparison(argument, ranges);
      if (one.isPresent()) {
        return List.of(one.get());
      }
    }
    List<ArgumentCheck> checks = new ArrayList<>();
    for (Range range : ranges) {
      addPrefixes(checks, mask, range, all);
    }
    return checks;
  }

  /** Ranges of a whole register that one comparison names. */
  private static Optional<ArgumentCheck> comparison(int argument, List<Range> ranges) {
    Range first = ranges.get(0);
    Range last = ranges.get(ranges.size() - 1);
    if (ranges.size() == 2
        && first.first() == 0
        && last.last() == -1
        && first.last() + 2 == last.first()) {
      return Optional.of(ArgumentCheck.of(argument, Comparison.NE, first.last() + 1));
    }
    if (ranges.size() > 1) {
      return Optional.empty();
    }
    if (first.first() == first.last()) {
      return Optional.of(ArgumentCheck.of(argument, Comparison.EQ, first.first()));
    }
    if (first.first() == 0) {
      return Optional.of(ArgumentCheck.of(argument, Comparison.LE, first.last()));
    }
    return first.last() == -1
        ? Optional.of(ArgumentCheck.of(argument, Comparison.GE, first.first()))
        : Optional.empty();
  }

  /** Splits a range into blocks whose length is a power of 2, as addresses are routed. */
  private static void addPrefixes(List<ArgumentCheck> checks, Masked mask, Range range, long all) {
    long first = range.first();
    while (true) {
      long block = first == 0 ? all : Long.lowestOneBit(first) - 1;
      // the largest block that begins here and does not end behind the range
      while (Long.compareUnsigned(block, range.last() - first) > 0) {
        block >>>= 1;
      }
      long prefix = all & ~block;
      if (((first ^ mask.value()) & prefix & mask.mask()) == 0) {
        checks.add(
            ArgumentCheck.masked(mask.argument(), prefix | mask.mask(), first | mask.value()));
      }
      if (first + block == range.last()) {
        return;
      }
      first += block + 1;
    }
  }
}
