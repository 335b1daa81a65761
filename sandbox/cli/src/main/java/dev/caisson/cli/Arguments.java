package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was typed after a verb, every value as bytes. */
final class Arguments {
  private final Syntax syntax;

  /** By the name of the flag. */
  private final Map<String, List<List<UnixPath>>> values = new HashMap<>();

  private final List<UnixPath> operands = new ArrayList<>();

  private Arguments(Syntax syntax) {
    this.syntax = syntax;
  }

  /**
   * Takes {@code words} apart: {@code --flag VALUE}, {@code --flag=VALUE}, {@code -fVALUE}, {@code
   * -ab} for two switches; {@code --} ends the flags, and is never a value.
   *
   * @throws UsageRefusal for an unknown flag, a missing or surplus value, a value that the flag
   *     does not know, a flag given twice
   */
  static Arguments parse(Syntax syntax, List<UnixPath> words) {
    String[] texts = new String[words.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = latin1(words.get(i));
    }
    Arguments arguments = new Arguments(syntax);
    try {
      arguments.take(SyntaxSpec.parser(syntax).parseArgs(texts));
    } catch (ParameterException mistake) {
      throw refusal(syntax, mistake);
    }
    return arguments;
  }

  private void take(ParseResult parsed) {
    for (Flag flag : syntax.flags()) {
      if (parsed.hasMatchedOption(flag.name())) {
        values.put(flag.name(), values(flag, parsed.matchedOption(flag.name()).stringValues()));
      }
    }
    if (!parsed.matchedPositionals().isEmpty()) {
      for (String operand : parsed.matchedPositional(0).stringValues()) {
        operands.add(bytes(operand));
      }
    }
  }

  private List<List<UnixPath>> values(Flag flag, List<String> given) {
    ValueCheck check = new ValueCheck(syntax, flag);
    List<List<UnixPath>> values = new ArrayList<>();
    for (int i = 0; i < given.size(); i += flag.parameters().size()) {
      List<UnixPath> value = new ArrayList<>();
      for (String text : given.subList(i, i + flag.parameters().size())) {
        value.add(bytes(text));
      }
      check.require(value);
      values.add(value);
    }
    return values;
  }

  private static UsageRefusal refusal(Syntax syntax, ParameterException mistake) {
    if (mistake instanceof UnmatchedArgumentException unknown) {
      String word = shown(unknown.getUnmatched().get(0));
      String foreign = ForeignFlags.hint(syntax, word);
      return UsageRefusal.of(
          syntax,
          "there is no flag " + word,
          foreign.isEmpty() ? Spelling.flagHint(word, syntax) : foreign);
    }
    Optional<Flag> flag = flag(syntax, mistake);
    if (flag.isEmpty()) {
      return UsageRefusal.of(syntax, String.valueOf(mistake.getMessage()), "");
    }
    String name = flag.get().name();
    if (mistake instanceof OverwrittenOptionException) {
      return UsageRefusal.of(syntax, name + " is given twice", "Leave one of them out");
    }
    String why = flag.get().isSwitch() ? " takes no value" : " needs a value";
    return UsageRefusal.of(syntax, name + why, "Write " + flag.get().form());
  }

  private static Optional<Flag> flag(Syntax syntax, ParameterException mistake) {
    ArgSpec spec = mistake.getArgSpec();
    if (mistake instanceof MissingParameterException missing) {
      spec = missing.getMissing().get(0);
    } else if (mistake instanceof OverwrittenOptionException twice) {
      spec = twice.getOverwritten();
    }
    return spec instanceof OptionSpec option ? syntax.flag(option.names()[0]) : Optional.empty();
  }

  boolean has(Flag flag) {
    return values.containsKey(flag.name());
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
            () -> UsageRefusal.of(syntax, flag.name() + " is missing", "Write " + flag.form()));
  }

  /** The values of each time a flag was given, in order. */
  List<List<UnixPath>> all(Flag flag) {
    return values.getOrDefault(flag.name(), List.of());
  }

  List<UnixPath> operands() {
    return List.copyOf(operands);
  }

  /** The one operand that the verb takes. */
  UnixPath onlyOperand(String what) {
    if (operands.size() != 1) {
      throw UsageRefusal.of(
          syntax,
          operands.isEmpty()
              ? what + " is missing"
              : Spelling.shown(operands.get(1)) + " is one argument too many",
          "");
    }
    requireNamed(what, operands.get(0));
    return operands.get(0);
  }

  /** Refuses an empty word in the place of {@code what}. */
  void requireNamed(String what, UnixPath word) {
    if (word.bytes().length == 0) {
      throw UsageRefusal.of(syntax, what + " is missing: the word for it" + ValueCheck.EMPTY, "");
    }
  }

  /** Refuses operands of a verb that takes none. */
  void noOperands() {
    if (!operands.isEmpty()) {
      throw UsageRefusal.of(
          syntax, Spelling.shown(operands.get(0)) + " is one argument too many", "");
    }
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
