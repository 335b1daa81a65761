package dev.caisson.policy;

/** One mistake in a policy, and where it stands. */
public record PolicyProblem(Origin origin, String message) {
  @Override
  public String toString() {
    return origin + ": " + origin.path() + ": " + message;
  }
}
