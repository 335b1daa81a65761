package dev.caisson.engine.learn;

/** What a call does with the file that a path names. */
enum Use {
  LOOK("looked at"),
  READ("read"),
  LIST("listed"),
  EXECUTE("executed"),
  /** Changes its content, its owner, its mode or its times. */
  WRITE("written"),
  /** Makes, renames or removes the name in its directory. */
  CREATE("made or removed");

  private final String word;

  Use(String word) {
    this.word = word;
  }

  boolean changes() {
    return this == WRITE || this == CREATE;
  }

  @Override
  public String toString() {
    return word;
  }
}
