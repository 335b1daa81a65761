package dev.caisson.policy;

import dev.caisson.policy.PermissionOrder.Excess;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A policy that bounds others: in every field that it or its parents set, no policy under it allows
 * more. Fields that it leaves out are not bounded.
 */
public final class Ceiling {
  private final Resolution resolution;

  private Ceiling(Resolution resolution) {
    this.resolution = resolution;
  }

  /**
   * Takes a policy as a ceiling.
   *
   * @throws PolicyRefusal where it has mistakes, or holds variables that others could set
   */
  public static Ceiling of(Policy policy, View view, HostFacts host) {
    Resolution resolution = policy.resolution(view, host);
    if (policy.hasVariables() || !resolution.policy().environment().read().isEmpty()) {
      throw new PolicyRefusal(
          "use " + policy.source() + " as a ceiling",
          "it uses vars or ${env:...}, and what bounds others must not depend on them",
          "Write the values out");
    }
    return new Ceiling(resolution);
  }

  /** Where it was written. */
  public String source() {
    return resolution.source();
  }

  /**
   * What {@code policy} allows beyond it; empty for a policy that stays under it.
   *
   * @param real gives a policy the host's paths without symbolic links; asked for both
   */
  public List<Excess> excess(EffectivePolicy policy, UnaryOperator<EffectivePolicy> real) {
    return PermissionOrder.excess(real.apply(policy), real.apply(resolution.policy())).stream()
        .filter(excess -> resolution.sets(excess.field()))
        .toList();
  }
}
