package dev.caisson.policy;

import dev.caisson.policy.Expectation.Outcome;

/**
 * What a simulated attempt meets.
 *
 * @param reason a sentence without its full stop
 */
public record Finding(Kind kind, String reason) {
  /** How it goes. */
  public enum Kind {
    ALLOWED,
    DENIED,
    ABSENT,
    /** It is there; whether it may be used, something decides that no policy does. */
    THERE,
    /** Something decides that is not known before the launch. */
    UNKNOWN
  }

  /** Whether an expectation came true. */
  public enum Verdict {
    HOLDS,
    FAILS,
    /** It rests on what the policy does not decide. */
    DEPENDS
  }

  public static Finding allowed(String reason) {
    return new Finding(Kind.ALLOWED, reason);
  }

  public static Finding denied(String reason) {
    return new Finding(Kind.DENIED, reason);
  }

  public static Finding absent(String reason) {
    return new Finding(Kind.ABSENT, reason);
  }

  public static Finding there(String reason) {
    return new Finding(Kind.THERE, reason);
  }

  public static Finding unknown(String reason) {
    return new Finding(Kind.UNKNOWN, reason);
  }

  /** What it says of an expectation. What is absent is denied too. */
  public Verdict against(Outcome expected) {
    return switch (kind) {
      case ALLOWED -> verdict(expected == Outcome.ALLOW);
      case DENIED -> verdict(expected == Outcome.DENY);
      case ABSENT -> verdict(expected != Outcome.ALLOW);
      case THERE -> expected == Outcome.ABSENT ? Verdict.FAILS : Verdict.DEPENDS;
      case UNKNOWN -> Verdict.DEPENDS;
    };
  }

  private static Verdict verdict(boolean holds) {
    return holds ? Verdict.HOLDS : Verdict.FAILS;
  }
}
