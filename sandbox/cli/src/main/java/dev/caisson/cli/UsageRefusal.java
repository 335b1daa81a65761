package dev.caisson.cli;

import dev.caisson.Refusal;

/** The command line is not one that Caisson knows. */
final class UsageRefusal extends Refusal {
  private UsageRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }

  static UsageRefusal of(Syntax syntax, String why, String hint) {
    String help = "'caisson " + syntax.verb() + " --help' shows how it is used";
    return new UsageRefusal("understand the command line", why, join(hint, help));
  }

  /** For what stands in the place of a verb. */
  static UsageRefusal ofVerb(String why, String hint) {
    return new UsageRefusal(
        "understand the command line", why, join(hint, "'caisson --help' lists the verbs"));
  }

  private static String join(String hint, String help) {
    if (hint.isEmpty()) {
      return help;
    }
    return hint.endsWith("?") ? hint + " " + help : hint + ". " + help;
  }
}
