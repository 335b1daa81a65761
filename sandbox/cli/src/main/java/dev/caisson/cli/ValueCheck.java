package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.util.List;

/** What of a value can be told while flags are read, before anything looks at what it names. */
final class ValueCheck {
  private final Syntax syntax;
  private final Flag flag;

  ValueCheck(Syntax syntax, Flag flag) {
    this.syntax = syntax;
    this.flag = flag;
  }

  /**
   * @param value of one time that the flag was given
   * @throws UsageRefusal where it is none of the words that the flag knows
   */
  void require(List<UnixPath> value) {
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
