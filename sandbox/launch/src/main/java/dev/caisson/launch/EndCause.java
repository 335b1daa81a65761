package dev.caisson.launch;

/** What ended a sandbox. */
enum EndCause {
  /** The program exited, or died by a signal of its own. */
  PAYLOAD("program"),
  WALL_CLOCK("wallClock"),
  CPU_TIME("cpuTime"),
  FILE_SIZE("fileSize"),
  OUTPUT("output"),
  MEMORY("memory");

  private final String word;

  EndCause(String word) {
    this.word = word;
  }

  /** As a result record says it: the limit's name in a policy. */
  String word() {
    return word;
  }
}
