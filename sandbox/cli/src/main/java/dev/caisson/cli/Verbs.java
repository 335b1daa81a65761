package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The verbs by name; a verb's class is loaded when it is asked for. */
final class Verbs {
  /** In the order of the overview. */
  static final List<String> NAMES =
      List.of(
          "run",
          "wrap",
          "explain",
          "compile",
          "doctor",
          "keygen",
          "sign",
          "verify",
          "policy check",
          "policy show",
          "policy diff",
          "policy test",
          "policy learn",
          "policy schema",
          "policy import",
          "policy export",
          "seccomp compile",
          "seccomp disassemble",
          "seccomp simulate",
          "seccomp explain",
          "seccomp compare",
          "completion");

  /**
   * A verb that was found.
   *
   * @param words how many words its name has
   */
  record Found(Verb verb, int words) {}

  private Verbs() {}

  /**
   * The verb that {@code words} begin with.
   *
   * @throws UsageRefusal with the nearest spelling where there is none
   */
  static Found find(List<UnixPath> words) {
    String first = words.get(0).toString();
    if (first.isEmpty()) {
      throw UsageRefusal.ofVerb("an empty word is no verb", "");
    }
    if (!isGroup(first)) {
      return new Found(
          named(first)
              .orElseThrow(
                  () ->
                      UsageRefusal.ofVerb(
                          "there is no verb " + first, Spelling.hint(first, firstWords()))),
          1);
    }
    List<String> within = within(first);
    if (words.size() < 2 || words.get(1).bytes().length == 0) {
      throw UsageRefusal.ofVerb(
          first + " needs a second word" + (words.size() < 2 ? "" : ", not an empty one"),
          "Write caisson " + String.join(" or caisson ", within));
    }
    String both = first + " " + words.get(1);
    return new Found(
        named(both)
            .orElseThrow(
                () -> UsageRefusal.ofVerb("there is no verb " + both, Spelling.hint(both, within))),
        2);
  }

  private static List<String> firstWords() {
    List<String> words = new ArrayList<>();
    for (String name : NAMES) {
      words.add(name.split(" ", 2)[0]);
    }
    words.addAll(Syntax.HELP.names());
    words.addAll(Syntax.VERSION.names());
    return words;
  }

  /** Whether verbs of two words begin with {@code word}. */
  static boolean isGroup(String word) {
    return !within(word).isEmpty();
  }

  /** The verbs of a group. */
  static List<String> within(String group) {
    List<String> names = new ArrayList<>();
    for (String name : NAMES) {
      if (name.startsWith(group + " ")) {
        names.add(name);
      }
    }
    return names;
  }

  static Optional<Verb> named(String name) {
    return switch (name) {
      case "run" -> Optional.of(new RunVerb());
      case "wrap" -> Optional.of(new WrapVerb());
      case "explain" -> Optional.of(new ExplainVerb());
      case "compile" -> Optional.of(new CompileVerb());
      case "doctor" -> Optional.of(new DoctorVerb());
      case "keygen" -> Optional.of(new KeygenVerb());
      case "sign" -> Optional.of(new SignVerb());
      case "verify" -> Optional.of(new VerifyVerb());
      case "policy check" -> Optional.of(new PolicyCheckVerb());
      case "policy show" -> Optional.of(new PolicyShowVerb());
      case "policy diff" -> Optional.of(new PolicyDiffVerb());
      case "policy test" -> Optional.of(new PolicyTestVerb());
      case "policy learn" -> Optional.of(new PolicyLearnVerb());
      case "policy schema" -> Optional.of(new PolicySchemaVerb());
      case "policy import" -> Optional.of(new PolicyImportVerb());
      case "policy export" -> Optional.of(new PolicyExportVerb());
      case "seccomp compile" -> Optional.of(new SeccompCompileVerb());
      case "seccomp disassemble" -> Optional.of(new SeccompDisassembleVerb());
      case "seccomp simulate" -> Optional.of(new SeccompSimulateVerb());
      case "seccomp explain" -> Optional.of(new SeccompExplainVerb());
      case "seccomp compare" -> Optional.of(new SeccompCompareVerb());
      case "completion" -> Optional.of(new CompletionVerb());
      default -> Optional.empty();
    };
  }
}
