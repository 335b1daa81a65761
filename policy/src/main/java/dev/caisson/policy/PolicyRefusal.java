package dev.caisson.policy;

import dev.caisson.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/** A policy that cannot be read, or must not be trusted. */
public final class PolicyRefusal extends Refusal {
  private final transient List<PolicyProblem> problems;

  PolicyRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
    problems = List.of();
  }

  PolicyRefusal(String name, List<PolicyProblem> problems) {
    super(
        "use the policy " + name,
        problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("; ")),
        "Correct " + (problems.size() == 1 ? "it" : "these " + problems.size() + " mistakes"));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake found, in the order of the documents; empty where it is no such refusal. */
  public List<PolicyProblem> problems() {
    return problems;
  }
}
