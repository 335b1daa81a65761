package dev.caisson.cli;

import dev.caisson.policy.seccomp.CallExplanation;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.SeccompRules;
import java.util.List;

/** {@code caisson seccomp explain}: what a profile says of one call. */
final class SeccompExplainVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "seccomp explain",
          List.of("[--profile P] [FLAG...] SYSCALL"),
          "Says what a profile does with a system call, and why.",
          List.of(
              "The first line that holds decides. Each argument is shown with the bytes of it that"
                  + " are compared."),
          SeccompFlags.and(SeccompFlags.PROFILE),
          List.of(
              new Syntax.Example(
                  "caisson seccomp explain socket", "Which sockets the default profile allows.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    FilterRules rules = new SeccompFlags(SYNTAX, arguments, session).rules();
    SeccompRules main = rules.abis().get(0);
    SeccompCall call =
        SeccompCall.of(SYNTAX, List.of(arguments.onlyOperand("a system call")), main.abi());
    session.out().print(CallExplanation.text(main, call.number()));
    return 0;
  }
}
