package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a policy's rule asks of one argument.
 *
 * @param argument its name, or its index as a digit
 * @param tests all must hold
 */
public record ArgumentCondition(String argument, List<Test> tests) {
  public ArgumentCondition {
    tests = List.copyOf(tests);
  }

  /** How the argument is compared, unsigned. */
  public enum Operator {
    EQ(Comparison.EQ),
    NE(Comparison.NE),
    LT(Comparison.LT),
    LE(Comparison.LE),
    GT(Comparison.GT),
    GE(Comparison.GE),
    IN(Comparison.EQ),
    NOT_IN(Comparison.NE),
    /** From the first value to the second, both included. */
    RANGE(Comparison.GE);

    private final Comparison comparison;

    Operator(Comparison comparison) {
      this.comparison = comparison;
    }
  }

  /**
   * One comparison.
   *
   * @param mask the bits that are compared, with EQ and IN; empty for all
   */
  public record Test(
      Operator operator, List<ConditionValue> values, Optional<ConditionValue> mask) {
    public Test {
      values = List.copyOf(values);
    }

    List<ConditionValue> constants() {
      List<ConditionValue> all = new ArrayList<>(values);
      mask.ifPresent(all::add);
      return all;
    }

    /** Checks that must all hold, in each of several ways of which one is enough. */
    List<List<ArgumentCheck>> ways(int argument, Abi abi) {
      List<ArgumentCheck> checks = new ArrayList<>();
      for (ConditionValue value : values) {
        long number = value.on(abi);
        checks.add(
            mask.isPresent()
                ? ArgumentCheck.masked(argument, mask.get().on(abi), number)
                : ArgumentCheck.of(argument, operator.comparison, number));
      }
      if (operator == Operator.IN) {
        return checks.stream().map(List::of).toList();
      }
      if (operator == Operator.RANGE) {
        checks.set(1, ArgumentCheck.of(argument, Comparison.LE, values.get(1).on(abi)));
      }
      return List.of(checks);
    }
  }
}
