package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.List;

/** A policy resolved on a host, and where each of its values comes from. */
public final class Resolution {
  private final EffectivePolicy policy;
  private final Body<UnixPath> body;
  private final PolicyDocument document;
  private final List<Expectation> expectations;

  Resolution(
      EffectivePolicy policy,
      Body<UnixPath> body,
      PolicyDocument document,
      List<Expectation> expectations) {
    this.policy = policy;
    this.body = body;
    this.document = document;
    this.expectations = List.copyOf(expectations);
  }

  public EffectivePolicy policy() {
    return policy;
  }

  /** The file or built-in policy that it was resolved from. */
  public String source() {
    return document.source();
  }

  /** Whether the policy or one of its parents sets the field, or a part of it. */
  boolean sets(String field) {
    return switch (field) {
      case "filesystem", "environment", "secrets", "audit" -> body.sections().contains(field);
      // whoever bounds the calls bounds the ABIs that they are made by
      case "seccomp", "seccomp.abis" ->
          body.get(Fields.PROFILE).isPresent()
              || body.get(Fields.ABIS).isPresent()
              || !body.calls().isEmpty();
      case "bestEffort" -> setsBestEffort(document);
      default -> Fields.at(field).flatMap(body::get).isPresent();
    };
  }

  private static boolean setsBestEffort(PolicyDocument document) {
    return document.bestEffort().isPresent()
        || document.parents().stream().anyMatch(Resolution::setsBestEffort);
  }

  /** What the policy expects of itself, in its order. */
  public List<Expectation> expectations() {
    return expectations;
  }

  /** Every value, in the language's own words, with its origin. */
  public List<StatedValue> values() {
    return new EffectiveValues(policy, body, document).list();
  }
}
