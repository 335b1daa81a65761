package dev.caisson.policy.seccomp;

import java.util.Optional;

/** How a rule compares an argument; unsigned, as the OCI runtime specification says. */
public enum Comparison {
  NE,
  LT,
  LE,
  EQ,
  GE,
  GT,
  /** The argument, masked with the first value, equals the second. */
  MASKED_EQ;

  /** The name in a profile, {@code SCMP_CMP_EQ} for instance. */
  public String profileName() {
    return "SCMP_CMP_" + name();
  }

  /** The comparison of that name in a profile. */
  public static Optional<Comparison> named(String profileName) {
    for (Comparison comparison : values()) {
      if (comparison.profileName().equals(profileName)) {
        return Optional.of(comparison);
      }
    }
    return Optional.empty();
  }
}
