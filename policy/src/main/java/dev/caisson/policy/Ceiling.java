package dev.caisson.policy;

import dev.caisson.policy.PermissionOrder.Excess;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A policy that bounds others: in every field that it or its parents set, no policy under it allows
 * more. Fields that it leaves out are not bounded.
 */
public final class Ceiling {
  /** Why a ceiling holds no variables that others set. */
  static final String MUST_NOT_DEPEND = "what bounds others must not depend on them";

  private final Resolution resolution;

  Ceiling(Resolution resolution) {
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
          "it uses vars or ${env:...}, and " + MUST_NOT_DEPEND,
          "Write the values out");
    }
    return new Ceiling(resolution);
  }

  /** Where it was written. */
  public String source() {
    return resolution.source();
  }

  /** What it allows. */
  EffectivePolicy policy() {
    return resolution.policy();
  }

  /**
   * What {@code policy} allows beyond it; empty for a policy that stays under it.
   *
   * @param real gives a policy the host's paths without symbolic links; asked for both
   */
  public List<Excess> excess(EffectivePolicy policy, UnaryOperator<EffectivePolicy> real) {
    return bounded(PermissionOrder.excess(real.apply(policy), real.apply(policy())));
  }

  /** Those in fields that it bounds. */
  List<Excess> bounded(List<Excess> more) {
    return more.stream().filter(excess -> resolution.sets(excess.field())).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ceiling ceiling
        && source().equals(ceiling.source())
        && policy().equals(ceiling.policy());
  }

  @Override
  public int hashCode() {
    return source().hashCode();
  }
}
