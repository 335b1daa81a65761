package dev.caisson.policy.seccomp;

import dev.caisson.json.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A policy's rule with the places of the arguments and the numbers of the constants of one ABI. */
final class RuleOnAbi {
  private final CallRule rule;
  private final Abi abi;
  private final SyscallTable table;
  private final OptionalInt number;

  RuleOnAbi(CallRule rule, Abi abi) {
    this.rule = rule;
    this.abi = abi;
    table = SyscallTable.of(abi);
    number = table.number(rule.call());
  }

  List<SyscallRule> rules() {
    Optional<String> mistake = mistake();
    if (mistake.isPresent()) {
      throw new SeccompRefusal(
          "follow a rule for " + rule.call(), mistake.get(), "Correct the rule");
    }
    List<List<ArgumentCheck>> ways = List.of(List.of());
    for (ArgumentCondition condition : number.isEmpty() ? NO_CONDITIONS : rule.when()) {
      for (ArgumentCondition.Test test : condition.tests()) {
        ways = both(ways, test.ways(index(condition).getAsInt(), abi));
      }
    }
    List<SyscallRule> rules = new ArrayList<>();
    for (List<ArgumentCheck> way : number.isEmpty() ? NO_WAYS : ways) {
      rules.add(new SyscallRule(rule.call(), rule.then(), way));
    }
    return rules;
  }

  private static final List<ArgumentCondition> NO_CONDITIONS = List.of();
  private static final List<List<ArgumentCheck>> NO_WAYS = List.of();

  private static List<List<ArgumentCheck>> both(
      List<List<ArgumentCheck>> one, List<List<ArgumentCheck>> other) {
    List<List<ArgumentCheck>> both = new ArrayList<>();
    for (List<ArgumentCheck> mine : one) {
      for (List<ArgumentCheck> theirs : other) {
        List<ArgumentCheck> together = new ArrayList<>(mine);
        together.addAll(theirs);
        both.add(together);
      }
    }
    return both;
  }

  Optional<String> mistake() {
    if (number.isEmpty()) {
      return Optional.empty();
    }
    for (ArgumentCondition condition : rule.when()) {
      OptionalInt index = index(condition);
      if (index.isEmpty()) {
        return Optional.of(noArgument(condition.argument()));
      }
      for (ArgumentCondition.Test test : condition.tests()) {
        Optional<String> mistake =
            mistake(test, table.width(number.getAsInt(), index.getAsInt()), condition.argument());
        if (mistake.isPresent()) {
          return mistake;
        }
      }
    }
    return Optional.empty();
  }

  private OptionalInt index(ArgumentCondition condition) {
    return table.argument(number.getAsInt(), condition.argument());
  }

  private String noArgument(String name) {
    List<String> names =
        table.arguments(number.getAsInt()).stream().map(SyscallTable.Argument::name).toList();
    String hint = Nearest.hint(name, names);
    return rule.call()
        + " has no argument "
        + name
        + on()
        + (hint.isEmpty() ? "; it has " + String.join(", ", names) : hint);
  }

  private String on() {
    return " on " + abi.kernelName();
  }

  private Optional<String> mistake(ArgumentCondition.Test test, int width, String argument) {
    for (ConditionValue value : test.constants()) {
      Optional<String> missing = value.missing(abi);
      if (missing.isPresent()) {
        return Optional.of("there is no " + missing.get() + on());
      }
      if (!fits(value.on(abi), width)) {
        return Optional.of(
            "the kernel reads " + width + " bytes of " + argument + on() + ", never " + value);
      }
    }
    if (test.operator() == ArgumentCondition.Operator.RANGE) {
      long first = test.values().get(0).on(abi);
      long last = test.values().get(1).on(abi);
      return Long.compareUnsigned(first, last) <= 0
          ? Optional.empty()
          : Optional.of("the range ends before it starts");
    }
    if (test.mask().isPresent()) {
      long mask = test.mask().get().on(abi);
      for (ConditionValue value : test.values()) {
        if ((value.on(abi) & ~mask) != 0) {
          return Optional.of(value + " has bits outside of the mask " + test.mask().get());
        }
      }
    }
    return Optional.empty();
  }

  /** Whether an argument of that width can be {@code value}; a negative int may be written long. */
  private static boolean fits(long value, int width) {
    boolean negative = width == Integer.BYTES && value == (int) value;
    return negative || (value & ~ArgumentTest.widthMask(width)) == 0;
  }
}
