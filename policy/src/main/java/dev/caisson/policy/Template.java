package dev.caisson.policy;

import java.util.Optional;

/**
 * A text in which {@code ${name}} stands for a variable; {@code $${} stands for the two characters
 * themselves.
 */
record Template(String text) {
  /** What is wrong with the text on any host. */
  Optional<String> mistake() {
    if (text.indexOf('\0') >= 0) {
      return Optional.of("it holds a NUL character");
    }
    int at = nextVariable(0);
    while (at >= 0) {
      int end = text.indexOf('}', at);
      if (end < 0) {
        return Optional.of("a variable is not closed by }; $${ stands for the characters ${");
      }
      at = nextVariable(end + 1);
    }
    return Optional.empty();
  }

  /** Where the next variable starts at or behind {@code from}; -1 where none does. */
  int nextVariable(int from) {
    int at = text.indexOf("${", from);
    while (at > from && text.charAt(at - 1) == '$') {
      at = text.indexOf("${", at + 2);
    }
    return at;
  }

  boolean hasVariables() {
    return nextVariable(0) >= 0;
  }

  /** As a record's own, which takes the JVM some milliseconds to make. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Template template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The template that stands for {@code text} itself. */
  static Template literal(String text) {
    return new Template(text.replace("${", "$${"));
  }
}
