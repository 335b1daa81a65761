package dev.caisson.cli;

import dev.caisson.json.Nearest;
import java.util.Collection;

/** Finds what somebody meant to type. */
final class Spelling {
  private Spelling() {}

  /** "Did you mean X?" for the nearest of {@code known}; empty where none is near. */
  static String hint(String word, Collection<String> known) {
    return Nearest.word(word, known).map(near -> "Did you mean " + near + "?").orElse("");
  }
}
