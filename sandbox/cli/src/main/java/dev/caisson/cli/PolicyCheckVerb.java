package dev.caisson.cli;

import dev.caisson.Printable;
import dev.caisson.Refusal;
import dev.caisson.engine.Ceilings;
import dev.caisson.engine.Images;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyProblem;
import dev.caisson.policy.PolicyRefusal;
import dev.caisson.policy.View;
import java.util.ArrayList;
import java.util.List;

/** {@code caisson policy check}: every mistake in a policy. */
final class PolicyCheckVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "policy check",
          List.of("[--ceiling P] POLICY"),
          "Says what is wrong with a policy.",
          List.of(
              "POLICY is strict, untrusted, developer, unshare, or a file, which needs a / or ends in .json."
                  + " Each mistake is a line on standard error: file:line:column, its place in the"
                  + " document, what was expected and the nearest spelling. Parents are"
                  + " checked too, in both views and on every kind of host that conditions tell"
                  + " apart, with this shell's environment. So are ceilings: those of the parents,"
                  + " the standard ones and those of --ceiling.",
              "Exit status 0 if the policy is sound, else 125."),
          List.of(WorkloadFlags.CEILING),
          List.of(
              new Syntax.Example("caisson policy check ./ci.json", "Every mistake in a file."),
              new Syntax.Example(
                  "caisson policy check --ceiling untrusted ./ci.json",
                  "Also what it allows that the policy untrusted does not."),
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
      // a policy with mistakes may be a hostile one: what else it asks for is named too
      List<String> excess =
          Ceilings.of(session.host(), WorkloadFlags.ceilings(arguments)).provenExcess(policy);
      return problems.isEmpty() && excess.isEmpty()
          ? sound(policy, session)
          : report(problems, excess, session);
    } catch (PolicyRefusal refusal) {
      if (refusal.problems().isEmpty()) {
        throw refusal;
      }
      return report(refusal.problems(), List.of(), session);
    }
  }

  private static int sound(Policy policy, Session session) {
    // throws where an image could not be judged
    Images.trust(policy.resolve(View.IMAGE, session.host()).images());
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

  private static int report(List<PolicyProblem> problems, List<String> excess, Session session) {
    problems.forEach(line -> session.err().println(line));
    excess.forEach(line -> session.err().println(line));
    List<String> summary = new ArrayList<>();
    if (!problems.isEmpty()) {
      summary.add(problems.size() == 1 ? "one mistake" : problems.size() + " mistakes");
    }
    if (!excess.isEmpty()) {
      summary.add(excess.size() + " beyond a ceiling");
    }
    session.note(String.join("; ", summary));
    return Refusal.STATUS;
  }
}
