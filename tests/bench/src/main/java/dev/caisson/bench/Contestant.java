package dev.caisson.bench;

/** Something that is timed from its start to its end. */
record Contestant(String name, Start start) {
  /** Runs it once. */
  interface Start {
    /** Returns its exit status. */
    int run();
  }
}
