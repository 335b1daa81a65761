package dev.caisson.cli;

import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.SeccompCompiler;
import java.util.List;

/** {@code caisson seccomp simulate}: what a filter does with one call. */
final class SeccompSimulateVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "seccomp simulate",
          List.of("[--profile P] [FLAG...] SYSCALL [ARG...]"),
          "Runs a compiled filter over one system call.",
          List.of(
              "SYSCALL is a name or a number, each ARG a number: 10, 0xa, 012; a negative one"
                  + " after --. Arguments left out are 0. Nothing is executed."),
          SeccompFlags.and(SeccompFlags.PROFILE),
          List.of(
              new Syntax.Example(
                  "caisson seccomp simulate socket 16 3 9", "May a netlink socket be made?")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    SeccompFlags flags = new SeccompFlags(SYNTAX, arguments, session);
    FilterRules rules = flags.rules();
    SeccompCall call = SeccompCall.of(SYNTAX, arguments.operands(), rules.nativeAbi());
    BpfProgram program = SeccompCompiler.compile(rules);
    BpfSimulator.Outcome outcome =
        BpfSimulator.run(program, rules.nativeAbi().auditArch(), call.number(), call.arguments());
    session
        .out()
        .println(
            outcome.action()
                + " (after "
                + outcome.executed()
                + " of "
                + program.instructions().size()
                + " instructions)");
    return 0;
  }
}
