package dev.caisson.engine;

/** The message bus did not do what it was asked. */
final class BusProblem extends Exception {
  private static final long serialVersionUID = 1;

  BusProblem(String message) {
    super(message);
  }
}
