package dev.caisson.cli;

import dev.caisson.policy.seccomp.SeccompDisassembler;
import java.util.List;

/** {@code caisson seccomp disassemble}: a filter's instructions. */
final class SeccompDisassembleVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "seccomp disassemble",
          List.of("[--arch A] [FLAG...] FILTER"),
          "Shows a filter's instructions.",
          List.of(
              "FILTER is a file of raw BPF, whoever compiled it, or a profile; numbers that it"
                  + " compares are named as calls of the first ABI of --arch."),
          SeccompFlags.TARGET,
          List.of(
              new Syntax.Example(
                  "caisson seccomp disassemble ./filter.bpf", "What a compiled filter does.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    SeccompFlags flags = new SeccompFlags(SYNTAX, arguments, session);
    FilterOperand filter = FilterOperand.of(arguments.onlyOperand("a filter"), flags);
    session.out().print(SeccompDisassembler.text(filter.program(), flags.target().nativeAbi()));
    return 0;
  }
}
