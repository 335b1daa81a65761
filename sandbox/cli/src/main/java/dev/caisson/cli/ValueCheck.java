package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.util.List;

/** What of a value can be told while flags are read, before anything looks at what it names. */
final class ValueCheck {
  /** After what is so. */
  static final String EMPTY = " is empty, as where a variable of the shell is not set";

  /** A program in place of an image's, and what a variable is set to. */
  private static final List<String> MAY_BE_EMPTY = List.of("PROGRAM", "VALUE");

  private final Syntax syntax;
  private final Flag flag;

  ValueCheck(Syntax syntax, Flag flag) {
    this.syntax = syntax;
    this.flag = flag;
  }

  /**
   * @param value of one time that the flag was given
   * @throws UsageRefusal where it is empty, as a variable that the shell does not have; where it is
   *     none of the words that the flag knows
   */
  void require(List<UnixPath> value) {
    for (int i = 0; i < value.size(); i++) {
      String parameter = flag.parameters().get(i);
      if (value.get(i).bytes().length == 0 && !MAY_BE_EMPTY.contains(parameter)) {
        String what = value.size() == 1 ? flag.name() : parameter + " of " + flag.name();
        throw UsageRefusal.of(syntax, what + EMPTY, "Write " + flag.form());
      }
    }
    List<String> words = flag.words();
    if (!words.isEmpty()) {
      requireKnown(value.get(0).toString(), words);
    }
  }

  private void requireKnown(String word, List<String> words) {
    if (words.contains(word)) {
      return;
    }
    String near = Spelling.hint(word, words);
    int last = words.size() - 1;
    throw UsageRefusal.of(
        syntax,
        flag.name()
            + " knows "
            + String.join(", ", words.subList(0, last))
            + " and "
            + words.get(last)
            + ", not "
            + word,
        near.isEmpty() ? "Write " + flag.form() : near);
  }
}
