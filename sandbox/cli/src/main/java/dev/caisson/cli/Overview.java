package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;

/** What {@code caisson --help} and {@code --version} print. */
final class Overview {
  private static final int VERB_COLUMN = 20;

  private Overview() {}

  /** The version that the jar's manifest names. */
  static String version() {
    return "caisson "
        + Optional.ofNullable(Overview.class.getPackage().getImplementationVersion())
            .orElse("(not built as a distribution)");
  }

  static boolean isGroup(List<UnixPath> words) {
    String word = words.get(0).toString();
    return words.size() == 1 && Verbs.NAMES.stream().anyMatch(name -> name.startsWith(word + " "));
  }

  static String text() {
    StringBuilder out = new StringBuilder();
    out.append("Usage: caisson VERB [FLAG...] [ARG...]\n\n");
    out.append("Runs untrusted programs confined: without root, without a daemon.\n\nVerbs:\n");
    for (String name : Verbs.NAMES) {
      String summary = Verbs.named(name).map(verb -> verb.syntax().summary()).orElseThrow();
      out.append("  ").append(name).append(" ".repeat(VERB_COLUMN - name.length() - 2));
      out.append(
              String.join("\n" + " ".repeat(VERB_COLUMN), HelpText.wrap(summary, 80 - VERB_COLUMN)))
          .append('\n');
    }
    out.append(
        """

        Start here:
          $ caisson doctor
              What this host can do, and what to change where it cannot.
          $ caisson run hello
              A program from a signed image prints what it sees inside.
          $ caisson wrap -- make test
              A command of this host: it sees the system and the current directory, may
              change neither, and has no network.
          $ caisson VERB --help
              How a verb is used, with examples.

        Exit status: the program's own; 128+n if signal n ended it; 124 if a time limit
        did; 127 if the program is not found, 126 if it cannot be executed; 125 for
        everything else that went wrong, with a line that says what, why and what to do.
        """);
    return out.toString();
  }
}
