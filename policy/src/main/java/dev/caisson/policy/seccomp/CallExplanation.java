package dev.caisson.policy.seccomp;

import java.util.List;

/** What rules say of one call, in words. */
public final class CallExplanation {
  private final SeccompRules rules;
  private final int number;
  private final StringBuilder out = new StringBuilder();

  private CallExplanation(SeccompRules rules, int number) {
    this.rules = rules;
    this.number = number;
  }

  /**
   * Several lines: the call and its arguments, and each clause in the order in which they decide.
   */
  public static String text(SeccompRules rules, int number) {
    CallExplanation explanation = new CallExplanation(rules, number);
    explanation.head();
    explanation.clauses();
    return explanation.out.toString();
  }

  private void head() {
    SyscallTable table = rules.table();
    out.append(table.name(number).orElse("no call"))
        .append(": number ")
        .append(Integer.toUnsignedString(number))
        .append(" of ")
        .append(rules.abi().kernelName());
    table.since(number).ifPresent(release -> out.append(", since Linux ").append(release));
    out.append('\n');
    List<SyscallTable.Argument> arguments = table.arguments(number);
    for (int i = 0; i < arguments.size(); i++) {
      out.append("  argument " + i + ": " + arguments.get(i).name());
      out.append(", " + rules.width(number, i) + " bytes\n");
    }
  }

  private void clauses() {
    for (Clause clause : rules.clauses(number)) {
      out.append("  ").append(clause.action());
      if (clause.unconditional()) {
        out.append(
            rules.refusesUninspected(number)
                ? ": its arguments lie in memory, and could ask for what another rule refuses\n"
                : "\n");
        return;
      }
      String joint = " where ";
      for (int i = 0; i < SyscallTable.ARGUMENTS; i++) {
        for (ArgumentTest test : clause.tests()) {
          if (test.argument() == i) {
            out.append(joint).append(argument(i)).append(condition(test));
            joint = " and ";
          }
        }
      }
      out.append('\n');
    }
    out.append(rules.clauses(number).isEmpty() ? "  " : "  otherwise ");
    out.append(rules.otherwise(number));
    if (rules.answersUnknown(number)) {
      out.append(": newer than what the profile's author knew");
    }
    out.append('\n');
  }

  private String argument(int index) {
    List<SyscallTable.Argument> arguments = rules.table().arguments(number);
    return index < arguments.size() ? arguments.get(index).name() : "argument " + index;
  }

  private static String condition(ArgumentTest test) {
    if (test instanceof ArgumentTest.Masked masked) {
      return " & " + hex(masked.mask()) + " is " + hex(masked.value());
    }
    StringBuilder text = new StringBuilder(" is ");
    String joint = "";
    for (ArgumentTest.Range range : ((ArgumentTest.InRanges) test).ranges()) {
      text.append(joint).append(hex(range.first()));
      if (range.first() != range.last()) {
        text.append(" to ").append(hex(range.last()));
      }
      joint = " or ";
    }
    return text.toString();
  }

  private static String hex(long value) {
    return value >= 0 && value < 10 ? Long.toString(value) : "0x" + Long.toHexString(value);
  }
}
