package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.policy.seccomp.FilterComparison;
import dev.caisson.policy.seccomp.FilterComparison.Difference;
import java.util.List;

/** {@code caisson seccomp compare}: what one filter lets through that another does not. */
final class SeccompCompareVerb implements Verb {
  private static final int MORE = 1;

  private static final Syntax SYNTAX =
      new Syntax(
          "seccomp compare",
          List.of("[--arch A] [FLAG...] A B"),
          "Says which calls filter A may execute that filter B may not.",
          List.of(
              "A and B are profiles or files of raw BPF, whoever compiled them. Every call by every"
                  + " ABI is looked at, with every argument. To allow, to log, to trace and to"
                  + " notify count as executing. Exit status: 0 where A executes nothing more, 1"
                  + " where it does; 125 where it cannot be decided."),
          SeccompFlags.TARGET,
          List.of(
              new Syntax.Example(
                  "caisson seccomp compare developer default",
                  "What the developer profile adds to the default one.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    List<UnixPath> operands = arguments.operands();
    if (operands.size() != 2) {
      throw UsageRefusal.of(SYNTAX, "two filters are compared, not " + operands.size(), "");
    }
    SeccompFlags flags = new SeccompFlags(SYNTAX, arguments, session);
    FilterComparison comparison =
        FilterComparison.of(
            FilterOperand.of(operands.get(0), flags).side(),
            FilterOperand.of(operands.get(1), flags).side());
    for (Difference difference : comparison.excess()) {
      print(operands, difference, session);
    }
    if (comparison.inequality().isEmpty()) {
      session.out().println("the same: every call is decided alike");
    } else if (comparison.excess().isEmpty()) {
      session
          .out()
          .println(
              operands.get(0)
                  + " executes nothing that "
                  + operands.get(1)
                  + " does not; they differ, for instance:");
      print(operands, comparison.inequality().get(), session);
    }
    return comparison.excess().isEmpty() ? 0 : MORE;
  }

  private static void print(List<UnixPath> operands, Difference difference, Session session) {
    session
        .out()
        .println(
            difference.call()
                + ": "
                + operands.get(0)
                + " "
                + difference.first()
                + ", "
                + operands.get(1)
                + " "
                + difference.second());
  }
}
