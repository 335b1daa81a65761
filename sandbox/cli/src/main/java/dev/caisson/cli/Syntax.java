package dev.caisson.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a verb is typed, and what its help says.
 *
 * @param verb the words after "caisson"
 * @param synopses each a line without "caisson" and the verb
 * @param summary one sentence
 * @param paragraphs what else there is to know
 * @param payload whether everything from the first operand on belongs to a payload, flags included
 */
record Syntax(
    String verb,
    List<String> synopses,
    String summary,
    List<String> paragraphs,
    List<Flag> flags,
    List<Example> examples,
    boolean payload) {

  /** A command line and what it does. */
  record Example(String command, String meaning) {}

  static final Flag HELP = Flag.on("--help -h", "Print this help.");

  /** Before a verb only. */
  static final Flag VERSION = Flag.on("--version -V", "Print the version.");

  Syntax {
    List<Flag> all = new ArrayList<>(flags);
    all.add(HELP);
    flags = List.copyOf(all);
    synopses = List.copyOf(synopses);
    paragraphs = List.copyOf(paragraphs);
    examples = List.copyOf(examples);
  }

  /** The flag of that name. */
  Optional<Flag> flag(String name) {
    for (Flag flag : flags) {
      if (flag.names().contains(name)) {
        return Optional.of(flag);
      }
    }
    return Optional.empty();
  }

  List<String> flagNames() {
    List<String> names = new ArrayList<>();
    for (Flag flag : flags) {
      names.addAll(flag.names());
    }
    return names;
  }
}
