package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.List;

/** A policy resolved on a host, and where each of its values comes from. */
public final class Resolution {
  private final EffectivePolicy policy;
  private final Body<UnixPath> body;
  private final PolicyDocument document;

  Resolution(EffectivePolicy policy, Body<UnixPath> body, PolicyDocument document) {
    this.policy = policy;
    this.body = body;
    this.document = document;
  }

  public EffectivePolicy policy() {
    return policy;
  }

  /** Every value, in the language's own words, with its origin. */
  public List<StatedValue> values() {
    return new EffectiveValues(policy, body, document).list();
  }
}
