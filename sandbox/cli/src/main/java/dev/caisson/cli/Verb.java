package dev.caisson.cli;

/** Something that the command can do. */
interface Verb {
  Syntax syntax();

  /**
   * Does it.
   *
   * @return the exit status
   * @throws dev.caisson.Refusal for everything that the user can cause
   */
  int run(Arguments arguments, Session session);
}
