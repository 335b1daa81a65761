package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A check at the width the kernel reads, in one of two normal forms. */
sealed interface ArgumentTest {
  int argument();

  /** Whether it holds for the argument, already cut to its width. */
  boolean holds(long value);

  /** The argument lies in one of these intervals: sorted, disjoint, not adjacent. */
  record InRanges(int argument, List<Range> ranges) implements ArgumentTest {
    public InRanges {
      ranges = List.copyOf(ranges);
    }

    @Override
    public boolean holds(long value) {
      for (Range range : ranges) {
        if (range.contains(value)) {
          return true;
        }
      }
      return false;
    }

    /** What both allow. */
    InRanges and(InRanges other) {
      List<Range> both = new ArrayList<>();
      for (Range mine : ranges) {
        for (Range theirs : other.ranges) {
          mine.and(theirs).ifPresent(both::add);
        }
      }
      return new InRanges(argument, both);
    }
  }

  /** The bits in the mask equal the value's; the mask has more than no bit and fewer than all. */
  record Masked(int argument, long mask, long value) implements ArgumentTest {
    @Override
    public boolean holds(long argumentValue) {
      return (argumentValue & mask) == value;
    }

    boolean same(Masked other) {
      return argument == other.argument && mask == other.mask && value == other.value;
    }
  }

  /** From first to last, both included, unsigned. */
  record Range(long first, long last) {
    boolean contains(long value) {
      return Long.compareUnsigned(first, value) <= 0 && Long.compareUnsigned(value, last) <= 0;
    }

    Optional<Range> and(Range other) {
      long from = Long.compareUnsigned(first, other.first) >= 0 ? first : other.first;
      long to = Long.compareUnsigned(last, other.last) <= 0 ? last : other.last;
      return Long.compareUnsigned(from, to) <= 0
          ? Optional.of(new Range(from, to))
          : Optional.empty();
    }
  }

  /** The bits of an argument that is read at {@code width} bytes. */
  static long widthMask(int width) {
    return width == Long.BYTES ? -1L : (1L << (width * 8)) - 1;
  }

  /** {@code check} for an argument of which the kernel reads {@code width} bytes. */
  static ArgumentTest of(ArgumentCheck check, int width) {
    int argument = check.argument();
    long all = widthMask(width);
    long value = asRead(check.value(), width);
    if (check.comparison() == Comparison.MASKED_EQ) {
      long mask = value & all;
      long expected = asRead(check.valueTwo(), width);
      if ((expected & ~mask) != 0) {
        return new InRanges(argument, List.of());
      }
      if (mask == 0) {
        return new InRanges(argument, List.of(new Range(0, all)));
      }
      return mask == all
          ? new InRanges(argument, List.of(new Range(expected, expected)))
          : new Masked(argument, mask, expected);
    }
    List<Range> ranges = new ArrayList<>();
    for (Range range : ranges(check.comparison(), value)) {
      range.and(new Range(0, all)).ifPresent(ranges::add);
    }
    return new InRanges(argument, ranges);
  }

  private static long asRead(long value, int width) {
    // -1 in 64 bits is what an author writes for an int of -1
    return width == Integer.BYTES && value == (int) value ? value & 0xffffffffL : value;
  }

  private static List<Range> ranges(Comparison comparison, long value) {
    List<Range> below = value == 0 ? List.of() : List.of(new Range(0, value - 1));
    List<Range> above = value == -1 ? List.of() : List.of(new Range(value + 1, -1));
    return switch (comparison) {
      case EQ -> List.of(new Range(value, value));
      case LT -> below;
      case LE -> List.of(new Range(0, value));
      case GE -> List.of(new Range(value, -1));
      case GT -> above;
      case NE -> {
        List<Range> both = new ArrayList<>(below);
        both.addAll(above);
        yield both;
      }
      case MASKED_EQ -> throw new IllegalArgumentException("a mask has no ranges");
    };
  }
}
