package dev.caisson.policy.seccomp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Whether a call is executed where only some of its arguments are known. */
public enum CallOutlook {
  ALWAYS,
  /** The arguments that are not known may decide. */
  SOMETIMES,
  NEVER;

  /**
   * What the filter of a launch does with a call, by each ABI that it lets through and that has the
   * call, the native one first.
   *
   * @param arguments the known ones, by their names or numbers
   */
  public static Map<Abi, CallOutlook> of(
      SeccompProfile profile,
      FilterTarget target,
      LaunchVariant variant,
      String name,
      Map<String, ConditionValue> arguments) {
    Map<Abi, CallOutlook> outlooks = new LinkedHashMap<>();
    for (SeccompRules rules : variant.of(profile.resolve(target)).abis()) {
      OptionalInt number = rules.table().number(name);
      if (number.isPresent()) {
        outlooks.put(rules.abi(), of(rules, number.getAsInt(), arguments));
      }
    }
    return outlooks;
  }

  private static CallOutlook of(
      SeccompRules rules, int number, Map<String, ConditionValue> arguments) {
    boolean executes = false;
    boolean refuses = false;
    for (Clause clause : rules.clauses(number)) {
      boolean possible = true;
      boolean certain = true;
      for (ArgumentTest test : clause.tests()) {
        OptionalLong known = known(rules, number, test.argument(), arguments);
        certain &= known.isPresent();
        possible &= known.isEmpty() || test.holds(known.getAsLong());
      }
      if (possible) {
        executes |= clause.action().executes();
        refuses |= !clause.action().executes();
      }
      if (possible && certain) {
        return of(executes, refuses);
      }
    }
    SeccompAction otherwise = rules.otherwise(number);
    return of(executes || otherwise.executes(), refuses || !otherwise.executes());
  }

  private static CallOutlook of(boolean executes, boolean refuses) {
    return executes && refuses ? SOMETIMES : executes ? ALWAYS : NEVER;
  }

  /** An argument cut to its width, where it is known. */
  private static OptionalLong known(
      SeccompRules rules, int number, int argument, Map<String, ConditionValue> arguments) {
    for (Map.Entry<String, ConditionValue> entry : arguments.entrySet()) {
      OptionalInt place = rules.table().argument(number, entry.getKey());
      if (place.equals(OptionalInt.of(argument))
          && entry.getValue().missing(rules.abi()).isEmpty()) {
        long mask = ArgumentTest.widthMask(rules.width(number, argument));
        return OptionalLong.of(entry.getValue().on(rules.abi()) & mask);
      }
    }
    return OptionalLong.empty();
  }
}
