package dev.caisson.policy;

import java.util.ArrayList;
import java.util.List;

/** A policy as its author wrote it, with what it extends. */
public final class Policy {
  private final PolicyDocument document;

  Policy(PolicyDocument document) {
    this.document = document;
  }

  /** Its file, or its name if it is a built-in. */
  public String source() {
    return document.source();
  }

  /**
   * Decides everything against a host.
   *
   * @throws PolicyRefusal that lists every mistake
   */
  public EffectivePolicy resolve(View view, HostFacts host) {
    List<PolicyProblem> problems = new ArrayList<>();
    Settings settings = Settings.of(document, view, problems);
    EffectivePolicy effective = new EffectiveReader(settings, view, host, problems).read();
    if (!problems.isEmpty()) {
      throw new PolicyRefusal(document.source(), problems);
    }
    return effective;
  }

  /** Every mistake that this host and either view would show; empty for a sound policy. */
  public List<PolicyProblem> check(HostFacts host) {
    List<PolicyProblem> problems = new ArrayList<>();
    for (View view : View.values()) {
      try {
        resolve(view, host);
      } catch (PolicyRefusal refusal) {
        if (refusal.problems().isEmpty()) {
          throw refusal;
        }
        refusal.problems().stream().filter(p -> !problems.contains(p)).forEach(problems::add);
      }
    }
    return problems;
  }
}
