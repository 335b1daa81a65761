package dev.caisson.policy;

import dev.caisson.Refusal;
import java.util.List;

/** A policy that cannot be read, or must not be trusted. */
public final class PolicyRefusal extends Refusal {
  /** A launch names this many mistakes; {@code policy check} names all. */
  private static final int NAMED = 10;

  private final transient List<PolicyProblem> problems;

  PolicyRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
    problems = List.of();
  }

  private PolicyRefusal(String attempted, String why, String remedy, List<PolicyProblem> problems) {
    super(attempted, why, remedy);
    this.problems = List.copyOf(problems);
  }

  /** The refusal of a policy with mistakes. */
  static PolicyRefusal of(String source, List<PolicyProblem> problems) {
    StringBuilder why = new StringBuilder();
    for (PolicyProblem problem : problems.subList(0, Math.min(NAMED, problems.size()))) {
      why.append(why.isEmpty() ? "" : "; ").append(problem);
    }
    if (problems.size() > NAMED) {
      why.append("; and ").append(problems.size() - NAMED).append(" more");
    }
    return new PolicyRefusal(
        "use the policy " + source,
        why.toString(),
        problems.size() == 1
            ? "Correct it"
            : "Correct these "
                + problems.size()
                + " mistakes; 'caisson policy check' lists them one to a line",
        problems);
  }

  /** Every mistake found, parents first; empty where it is not a document that is wrong. */
  public List<PolicyProblem> problems() {
    return problems;
  }
}
