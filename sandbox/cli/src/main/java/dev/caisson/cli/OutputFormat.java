package dev.caisson.cli;

/** {@code --format}: for people, or for programs. */
enum OutputFormat {
  TEXT,
  JSON;

  static final Flag FLAG =
      Flag.value("--format", "text|json", "How it is printed: for people, or for programs.");

  static OutputFormat of(Arguments arguments) {
    return arguments.text(FLAG).orElse("text").equals("json") ? JSON : TEXT;
  }
}
