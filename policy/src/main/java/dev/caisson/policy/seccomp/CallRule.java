package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule of a policy: what to do with a call whose arguments meet every condition. Arguments and
 * constants have names, which each ABI gives its own places and numbers.
 *
 * @param when none means always
 */
public record CallRule(String call, List<ArgumentCondition> when, SeccompAction then) {
  /** The ways in which one rule's conditions may hold, at most. */
  public static final int MOST_WAYS = 1000;

  public CallRule {
    when = List.copyOf(when);
  }

  /** A rule for every call of that name. */
  public static CallRule always(String call, SeccompAction then) {
    return new CallRule(call, List.of(), then);
  }

  public boolean unconditional() {
    return when.isEmpty();
  }

  /** Why the rule cannot be followed on {@code abi}; empty where it can, or has no such call. */
  public Optional<String> mistake(Abi abi) {
    return unconditional() ? Optional.empty() : new RuleOnAbi(this, abi).mistake();
  }

  /** Whether some call of {@code abi} may match both rules. */
  public boolean mayOverlap(CallRule other, Abi abi) {
    if (!call.equals(other.call)) {
      return false;
    }
    if (unconditional() || other.unconditional()) {
      return true;
    }
    SyscallTable table = SyscallTable.of(abi);
    OptionalInt number = table.number(call);
    if (number.isEmpty()) {
      return false;
    }
    for (Clause mine : clauses(abi, number.getAsInt())) {
      for (Clause theirs : other.clauses(abi, number.getAsInt())) {
        if (mine.mayOverlap(theirs)) {
          return true;
        }
      }
    }
    return false;
  }

  private List<Clause> clauses(Abi abi, int number) {
    List<Clause> clauses = new ArrayList<>();
    for (SyscallRule rule : on(abi)) {
      Clause.of(rule, SyscallTable.of(abi).widths(number)).ifPresent(clauses::add);
    }
    return clauses;
  }

  /**
   * The rule as {@code abi} understands it; none where it has no such call.
   *
   * @throws SeccompRefusal where {@link #mistake} has something to say
   */
  List<SyscallRule> on(Abi abi) {
    return unconditional()
        ? List.of(SyscallRule.always(call, then))
        : new RuleOnAbi(this, abi).rules();
  }
}
