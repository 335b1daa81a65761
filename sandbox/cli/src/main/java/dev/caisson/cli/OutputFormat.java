package dev.caisson.cli;

import java.util.List;

/** {@code --format}: for people, or for programs. */
enum OutputFormat {
  TEXT,
  JSON;

  static final Flag FLAG =
      Flag.value("--format", "text|json", "How it is printed: for people, or for programs.");

  static OutputFormat of(Syntax syntax, Arguments arguments) {
    String word = arguments.text(FLAG).orElse("text");
    return switch (word) {
      case "text" -> TEXT;
      case "json" -> JSON;
      default ->
          throw UsageRefusal.of(
              syntax,
              "--format knows text and json, not " + word,
              Spelling.hint(word, List.of("text", "json")));
    };
  }
}
