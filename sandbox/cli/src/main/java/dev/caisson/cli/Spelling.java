package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.json.Nearest;
import java.util.Collection;

/** Finds what somebody meant to type. */
final class Spelling {
  private Spelling() {}

  /** "Did you mean X?" for the nearest of {@code known}; empty where none is near. */
  static String hint(String word, Collection<String> known) {
    return Nearest.word(word, known).map(Spelling::question).orElse("");
  }

  /**
   * The same for the flags of {@code syntax}. Where the nearest opens something there is no hint,
   * not one of the next: who takes it without a look would get more than was asked for.
   */
  static String flagHint(String word, Syntax syntax) {
    return Nearest.word(word, syntax.flagNames())
        .filter(near -> !syntax.flag(near).orElseThrow().opens())
        .map(Spelling::question)
        .orElse("");
  }

  /** {@code word} in a sentence, in which an empty one would be a gap. */
  static String shown(UnixPath word) {
    String text = word.toString();
    return text.isEmpty() ? "an empty word" : text;
  }

  private static String question(String near) {
    return "Did you mean " + near + "?";
  }
}
