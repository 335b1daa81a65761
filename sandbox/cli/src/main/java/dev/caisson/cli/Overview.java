package dev.caisson.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** What {@code caisson --help} and {@code --version} print. */
final class Overview {
  private static final int VERB_COLUMN = 22;

  private Overview() {}

  /** The version that the jar's manifest names. */
  static String version() {
    return "caisson "
        + Optional.ofNullable(Overview.class.getPackage().getImplementationVersion())
            .orElse("(not built as a distribution)");
  }

  /** The verbs of a group. */
  static String group(String name) {
    return "Usage: caisson "
        + name
        + " VERB [FLAG...] [ARG...]\n\nVerbs:\n"
        + list(Verbs.within(name));
  }

  static String text() {
    StringBuilder out = new StringBuilder();
    out.append("Usage: caisson VERB [FLAG...] [ARG...]\n\n");
    out.append("Runs untrusted programs confined: without root, without a daemon.\n\nVerbs:\n");
    out.append(list(Verbs.NAMES));
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

  private static String list(List<String> names) {
    TextTable table =
        TextTable.forColumns(
            Help.defaultColorScheme(Ansi.OFF),
            new Column(VERB_COLUMN, 2, Column.Overflow.SPAN),
            new Column(HelpText.WIDTH - VERB_COLUMN, 0, Column.Overflow.WRAP));
    for (String name : names) {
      table.addRowValues(name, Verbs.named(name).orElseThrow().syntax().summary());
    }
    return table.toString();
  }
}
