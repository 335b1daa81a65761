package dev.caisson.cli;

import dev.caisson.Printable;
import dev.caisson.Refusal;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyProblem;
import dev.caisson.policy.PolicyRefusal;
import java.util.List;

/** {@code caisson policy check}: every mistake in a policy. */
final class PolicyCheckVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "policy check",
          List.of("POLICY"),
          "Says what is wrong with a policy.",
          List.of(
              "POLICY is strict, untrusted, developer, or a file, which needs a / or ends in .json."
                  + " Each mistake is a line on standard error: file:line:column, its place in the"
                  + " document, what was expected and the nearest spelling. Parents and both views"
                  + " are checked, against this host and this shell's environment.",
              "Exit status 0 if the policy is sound, else 125."),
          List.of(),
          List.of(
              new Syntax.Example("caisson policy check ./ci.json", "Every mistake in a file."),
              new Syntax.Example("caisson policy check untrusted", "A built-in policy.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    try {
      Policy policy = PolicyArgument.load(arguments, session);
      List<PolicyProblem> problems = policy.check(session.host());
      return problems.isEmpty() ? sound(policy, session) : report(problems, session);
    } catch (PolicyRefusal refusal) {
      if (refusal.problems().isEmpty()) {
        throw refusal;
      }
      return report(refusal.problems(), session);
    }
  }

  private static int sound(Policy policy, Session session) {
    String parents = String.join(", ", policy.parents());
    session
        .out()
        .println(
            policy.source()
                + ": sound"
                + (policy.name().equals(policy.source())
                    ? ""
                    : "; its name is " + Printable.of(policy.name()))
                + (parents.isEmpty() ? "; it extends nothing" : "; it extends " + parents));
    return 0;
  }

  private static int report(List<PolicyProblem> problems, Session session) {
    problems.forEach(problem -> session.err().println(problem));
    session.note(problems.size() == 1 ? "one mistake" : problems.size() + " mistakes");
    return Refusal.STATUS;
  }
}
