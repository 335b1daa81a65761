package dev.caisson.policy;

import dev.caisson.policy.Assignments.Assignment;
import dev.caisson.policy.PermissionOrder.Excess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Proves that a policy stays under ceilings, those of its parents among them, on every host and in
 * every view that conditions can tell apart.
 */
public final class CeilingProof {
  private final Policy policy;
  private final List<Policy> ceilings;
  private final Assignments assignments;
  private final UnaryOperator<EffectivePolicy> real;

  /** A comparison takes milliseconds, and most hosts lead to the same ones. */
  private final Map<List<EffectivePolicy>, List<Excess>> compared = new HashMap<>();

  private final Map<String, List<Assignment>> found = new LinkedHashMap<>();

  private CeilingProof(
      Policy policy,
      List<Policy> ceilings,
      Assignments assignments,
      UnaryOperator<EffectivePolicy> real) {
    this.policy = policy;
    this.ceilings = ceilings;
    this.assignments = assignments;
    this.real = real;
  }

  /**
   * What {@code policy} allows beyond a ceiling, each with the ceiling and the hosts where it does;
   * empty where it stays under all of them. Of a policy with mistakes, what the rest of it allows.
   *
   * @param ceilings of whoever starts it
   * @param real gives a policy the host's paths without symbolic links
   * @throws PolicyRefusal where a ceiling has mistakes, or conditions tell too many hosts apart
   */
  public static List<String> excess(
      Policy policy, List<Policy> ceilings, HostFacts here, UnaryOperator<EffectivePolicy> real) {
    List<PolicyDocument> documents = new ArrayList<>(List.of(policy.document()));
    ceilings.forEach(ceiling -> documents.add(ceiling.document()));
    Assignments assignments = Assignments.of(documents, here);
    if (assignments.count() > Assignments.MOST) {
      throw new PolicyRefusal(
          "prove that the policy " + policy.source() + " stays under its ceilings",
          "its conditions and the ceilings' tell "
              + assignments.count()
              + " kinds of hosts apart, and at most "
              + Assignments.MOST
              + " are looked at: undecided",
          "Name fewer kernel versions in conditions");
    }
    return new CeilingProof(policy, ceilings, assignments, real).excess();
  }

  private List<String> excess() {
    for (Assignment assignment : assignments.all()) {
      compare(assignment);
    }
    List<String> said = new ArrayList<>();
    found.forEach((what, where) -> said.add(what(what, where)));
    return said;
  }

  private void compare(Assignment assignment) {
    EffectivePolicy effective = policy.attempted(assignment.view(), assignment.host());
    List<Ceiling> bounds = new ArrayList<>(effective.ceilings());
    for (Policy ceiling : ceilings) {
      bounds.add(Ceiling.of(ceiling, assignment.view(), assignment.host()));
    }
    for (Ceiling bound : bounds) {
      List<Excess> more =
          compared.computeIfAbsent(
              List.of(effective, bound.policy()),
              pair -> PermissionOrder.excess(real.apply(pair.get(0)), real.apply(pair.get(1))));
      for (Excess excess : bound.bounded(more)) {
        String key = bound.source() + "\0" + excess;
        found.computeIfAbsent(key, k -> new ArrayList<>()).add(assignment);
      }
    }
  }

  private String what(String key, List<Assignment> where) {
    int end = key.indexOf('\0');
    String host = assignments.host(where);
    return "beyond the ceiling "
        + key.substring(0, end)
        + ": "
        + (host.isEmpty() ? "" : host + ": ")
        + key.substring(end + 1)
        + assignments.view(where);
  }
}
