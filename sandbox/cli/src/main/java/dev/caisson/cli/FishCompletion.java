package dev.caisson.cli;

import java.util.List;

/** Completion for fish, for which picocli has none. */
final class FishCompletion {
  private final StringBuilder out = new StringBuilder("# caisson's completion for fish\n");

  private FishCompletion() {}

  static String script() {
    FishCompletion completion = new FishCompletion();
    completion.flag("__fish_use_subcommand", Syntax.HELP);
    completion.flag("__fish_use_subcommand", Syntax.VERSION);
    for (String name : Verbs.NAMES) {
      completion.verb(Verbs.named(name).orElseThrow().syntax());
    }
    return completion.out.toString();
  }

  private void verb(Syntax syntax) {
    String name = syntax.verb();
    int space = name.indexOf(' ');
    String seen = "__fish_seen_subcommand_from " + name.substring(space + 1);
    if (space < 0) {
      word("__fish_use_subcommand", name, syntax.summary());
    } else {
      String group = name.substring(0, space);
      word("__fish_use_subcommand", group, "");
      word("__fish_seen_subcommand_from " + group, name.substring(space + 1), syntax.summary());
      seen = "__fish_seen_subcommand_from " + group + "; and " + seen;
    }
    for (String operand : Suggestions.ofOperand(name)) {
      word(seen, operand, "");
    }
    for (Flag flag : syntax.flags()) {
      flag(seen, flag);
    }
  }

  private void word(String condition, String word, String meaning) {
    out.append("complete -c caisson -n ").append(quoted(condition)).append(" -a ").append(word);
    describe(meaning);
  }

  private void flag(String condition, Flag flag) {
    out.append("complete -c caisson -n ").append(quoted(condition));
    for (String name : flag.names()) {
      out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (!flag.isSwitch()) {
      out.append(" -r");
      List<String> words = Suggestions.of(flag);
      if (!words.isEmpty()) {
        out.append(" -a ").append(quoted(String.join(" ", words)));
      }
    }
    describe(flag.help());
  }

  private void describe(String meaning) {
    if (!meaning.isEmpty()) {
      out.append(" -d ").append(quoted(meaning));
    }
    out.append('\n');
  }

  /** A single-quoted word of fish, in which a backslash takes back the next quote or backslash. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
