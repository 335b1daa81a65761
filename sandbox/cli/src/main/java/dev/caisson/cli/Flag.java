package dev.caisson.cli;

import java.util.List;
import java.util.Locale;

/**
 * A flag of a verb.
 *
 * @param names with their dashes, the one to be shown first
 * @param parameters what its values are called; empty for a switch
 * @param repeatable whether it may be given more than once
 * @param opens whether more is shown, reached or written with it: nobody is led to it by a slip
 * @param help what it does, a sentence
 */
record Flag(
    List<String> names, List<String> parameters, boolean repeatable, boolean opens, String help) {
  Flag {
    names = List.copyOf(names);
    parameters = List.copyOf(parameters);
  }

  static Flag on(String names, String help) {
    return new Flag(List.of(names.split(" ", -1)), List.of(), false, false, help);
  }

  static Flag value(String names, String parameter, String help) {
    return new Flag(List.of(names.split(" ", -1)), List.of(parameter), false, false, help);
  }

  static Flag values(String names, String parameters, String help) {
    return new Flag(
        List.of(names.split(" ", -1)), List.of(parameters.split(" ", -1)), true, false, help);
  }

  /** The same as one that opens something. */
  Flag opening() {
    return new Flag(names, parameters, repeatable, true, help);
  }

  String name() {
    return names.get(0);
  }

  boolean isSwitch() {
    return parameters.isEmpty();
  }

  /** How it is typed: the name and what its values are called. */
  String form() {
    return isSwitch() ? name() : name() + " " + String.join(" ", parameters);
  }

  /** What its value must be one of, which its parameter lists as a|b|c; empty for any value. */
  List<String> words() {
    List<String> listed = listed();
    for (String each : listed) {
      if (!isWord(each)) {
        return List.of();
      }
    }
    return listed;
  }

  /** What its parameter lists as a|b|c: words, and names of what else may stand there. */
  List<String> listed() {
    boolean lists = parameters.size() == 1 && parameters.get(0).indexOf('|') >= 0;
    return lists ? List.of(parameters.get(0).split("\\|", -1)) : List.of();
  }

  /** Capitals stand for something else, as DIR does. */
  private static boolean isWord(String listed) {
    return listed.equals(listed.toLowerCase(Locale.ROOT));
  }
}
