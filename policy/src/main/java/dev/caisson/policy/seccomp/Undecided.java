package dev.caisson.policy.seccomp;

/** What a filter does could not be established within the budget, or not at all. */
final class Undecided extends Exception {
  private static final long serialVersionUID = 1;

  Undecided(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
