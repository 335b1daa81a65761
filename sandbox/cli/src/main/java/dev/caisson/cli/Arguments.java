package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was typed after a verb, every value as bytes. */
final class Arguments {
  private final Syntax syntax;
  private final Map<Flag, List<List<UnixPath>>> values = new HashMap<>();
  private final List<UnixPath> operands = new ArrayList<>();

  private Arguments(Syntax syntax) {
    this.syntax = syntax;
  }

  /**
   * Takes {@code words} apart: {@code --flag VALUE}, {@code --flag=VALUE}, {@code -fVALUE}, {@code
   * -ab} for two switches; {@code --} ends the flags.
   *
   * @throws UsageRefusal for an unknown flag, a missing or surplus value, a flag given twice
   */
  static Arguments parse(Syntax syntax, List<UnixPath> words) {
    Arguments arguments = new Arguments(syntax);
    int next = 0;
    while (next < words.size()) {
      String word = latin1(words.get(next));
      if (word.equals("--")) {
        arguments.operands.addAll(words.subList(next + 1, words.size()));
        break;
      }
      if (word.length() < 2 || word.charAt(0) != '-') {
        if (syntax.payload()) {
          arguments.operands.addAll(words.subList(next, words.size()));
          break;
        }
        arguments.operands.add(words.get(next));
        next++;
      } else if (word.startsWith("--")) {
        next = arguments.longFlag(word, words, next);
      } else {
        next = arguments.shortFlags(word, words, next);
      }
    }
    return arguments;
  }

  private int longFlag(String word, List<UnixPath> words, int at) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Flag flag = known(name);
    if (equals < 0) {
      return take(flag, name, words, at + 1);
    }
    if (flag.parameters().size() != 1) {
      throw UsageRefusal.of(syntax, name + " takes no value after '='", "Write " + form(flag));
    }
    add(flag, List.of(bytes(word.substring(equals + 1))));
    return at + 1;
  }

  private int shortFlags(String word, List<UnixPath> words, int at) {
    for (int i = 1; i < word.length(); i++) {
      String name = "-" + word.charAt(i);
      Flag flag = i == 1 ? known(name, word) : known(name);
      if (flag.isSwitch()) {
        add(flag, List.of());
      } else if (i + 1 < word.length() && flag.parameters().size() == 1) {
        add(flag, List.of(bytes(word.substring(i + 1))));
        return at + 1;
      } else if (i + 1 == word.length()) {
        return take(flag, name, words, at + 1);
      } else {
        throw UsageRefusal.of(syntax, name + " takes its values apart", "Write " + form(flag));
      }
    }
    return at + 1;
  }

  private int take(Flag flag, String name, List<UnixPath> words, int from) {
    int end = from + flag.parameters().size();
    if (end > words.size()) {
      throw UsageRefusal.of(syntax, name + " needs a value", "Write " + form(flag));
    }
    add(flag, words.subList(from, end));
    return end;
  }

  private void add(Flag flag, List<UnixPath> value) {
    List<List<UnixPath>> given = values.computeIfAbsent(flag, f -> new ArrayList<>());
    if (!given.isEmpty() && !flag.repeatable() && !flag.isSwitch()) {
      throw UsageRefusal.of(syntax, flag.name() + " is given twice", "Leave one of them out");
    }
    given.add(List.copyOf(value));
  }

  private Flag known(String name) {
    return known(name, name);
  }

  private Flag known(String name, String word) {
    return syntax
        .flag(name)
        .orElseThrow(
            () ->
                UsageRefusal.of(
                    syntax,
                    "there is no flag " + shown(word),
                    Spelling.hint(shown(word), syntax.flagNames())));
  }

  boolean has(Flag flag) {
    return values.containsKey(flag);
  }

  /** The value of a flag with one. */
  Optional<UnixPath> value(Flag flag) {
    return all(flag).stream().findFirst().map(value -> value.get(0));
  }

  /** The value of a flag with one, as text. */
  Optional<String> text(Flag flag) {
    return value(flag).map(UnixPath::toString);
  }

  /** The value of a flag that the verb cannot do without. */
  UnixPath required(Flag flag) {
    return value(flag)
        .orElseThrow(
            () -> UsageRefusal.of(syntax, flag.name() + " is missing", "Write " + form(flag)));
  }

  /** The values of each time a flag was given, in order. */
  List<List<UnixPath>> all(Flag flag) {
    return values.getOrDefault(flag, List.of());
  }

  List<UnixPath> operands() {
    return List.copyOf(operands);
  }

  /** The one operand that the verb takes. */
  UnixPath onlyOperand(String what) {
    if (operands.size() != 1) {
      throw UsageRefusal.of(
          syntax,
          operands.isEmpty() ? what + " is missing" : operands.get(1) + " is one argument too many",
          "");
    }
    return operands.get(0);
  }

  /** Refuses operands of a verb that takes none. */
  void noOperands() {
    if (!operands.isEmpty()) {
      throw UsageRefusal.of(syntax, operands.get(0) + " is one argument too many", "");
    }
  }

  private static String form(Flag flag) {
    return flag.isSwitch() ? flag.name() : flag.name() + " " + String.join(" ", flag.parameters());
  }

  private static String shown(String latin1) {
    int equals = latin1.indexOf('=');
    return bytes(equals < 0 ? latin1 : latin1.substring(0, equals)).toString();
  }

  private static String latin1(UnixPath word) {
    return new String(word.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static UnixPath bytes(String latin1) {
    return UnixPath.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }
}
