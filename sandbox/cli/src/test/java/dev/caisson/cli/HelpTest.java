package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every verb says of itself. */
class HelpTest {
  static List<String> verbs() {
    return Verbs.NAMES;
  }

  private static Syntax syntax(String verb) {
    return Verbs.named(verb).orElseThrow().syntax();
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyFlagIsThereAndNoLineIsWiderThanATerminal(String verb) {
    String help = HelpText.of(syntax(verb));
    assertTrue(help.startsWith("Usage: caisson " + verb), help);
    for (Flag flag : syntax(verb).flags()) {
      for (String name : flag.names()) {
        assertTrue(help.contains(name), name);
      }
      for (String word : flag.help().split(" ", -1)) {
        assertTrue(help.contains(word), word);
      }
    }
    help.lines()
        .filter(line -> !line.startsWith("  $ "))
        .forEach(line -> assertTrue(line.length() <= HelpText.WIDTH, line));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyExampleIsWrittenAsTheVerbWants(String verb) {
    int examples = 0;
    for (Syntax.Example example : syntax(verb).examples()) {
      String command = example.command().replaceAll(".*(\\||<\\()", "").strip();
      List<UnixPath> words = new ArrayList<>();
      for (String word : command.replaceAll(" (&&|>).*|\\)$", "").split(" ", -1)) {
        words.add(UnixPath.of(word));
      }
      assertEquals(UnixPath.of("caisson"), words.remove(0), example.command());
      Verbs.Found found = Verbs.find(words);
      assertEquals(verb, found.verb().syntax().verb());
      Arguments.parse(found.verb().syntax(), words.subList(found.words(), words.size()));
      examples++;
    }
    assertTrue(examples > 0, verb + " has no example");
  }

  @Test
  void theOverviewListsEveryVerb() {
    String overview = printed(0, "--help");
    assertEquals(overview, printed(0, "help"));
    for (String verb : Verbs.NAMES) {
      assertTrue(overview.contains("\n  " + verb + " "), verb);
    }
    overview.lines().forEach(line -> assertTrue(line.length() <= HelpText.WIDTH, line));
  }

  @Test
  void helpIsFoundWhereverItIsAsked() {
    assertEquals(printed(0, "run", "--help"), printed(0, "help", "run"));
    assertEquals(printed(0, "seccomp", "-h"), printed(0, "help", "seccomp"));
    assertTrue(printed(0, "seccomp", "--help").contains("seccomp compile"));
    assertEquals(printed(0, "seccomp", "compile", "-h"), printed(0, "help", "seccomp", "compile"));
  }

  @Test
  void aVerbThatIsNoneIsRefusedWithTheNearest() {
    assertTrue(printed(125, "rum", "hello").contains("there is no verb rum. Did you mean run?"));
    assertTrue(printed(125, "seccomp").contains("Write caisson seccomp compile"));
    assertTrue(printed(125, "seccomp", "compil").contains("Did you mean seccomp compile?"));
    assertTrue(printed(125, "--versio").contains("Did you mean --version?"));
    assertTrue(printed(125).startsWith("Usage: caisson VERB"));
  }

  @Test
  void anEmptyWordIsNamedAsOne() {
    assertTrue(printed(125, "").contains(": an empty word is no verb. 'caisson --help'"));
    assertTrue(printed(125, "policy", "").contains("policy needs a second word, not an empty one"));
    assertTrue(printed(125, "help", "").contains("an empty word is no verb."));
    assertTrue(printed(125, "doctor", "").contains(": an empty word is one argument too many."));
    assertTrue(printed(125, "completion", "fish", "").contains(": an empty word is one"));
    assertTrue(
        printed(125, "completion", "").contains("a shell is missing: the word for it is empty"));
    assertTrue(printed(125, "explain", "").contains("was expected, not an empty word."));
    assertTrue(printed(125, "policy", "import", "").contains(": an empty word is no format;"));
    assertTrue(
        printed(125, "run", "").contains("an image is missing: the word for it is empty, as"));
    assertTrue(printed(125, "run", "--rootfs", "/", "").contains("a command is missing: the"));
    assertTrue(printed(125, "wrap", "").contains("a command is missing: the"));
    assertTrue(printed(125, "policy", "show", "").contains("a policy is missing: the word"));
    assertTrue(printed(125, "run", "--tmpfs", ":1MiB", "hello").contains(", not an empty word."));
  }

  @Test
  void aQuestionHasNoFullStop() {
    String said = printed(125, "policy", "check", "untrused");
    assertTrue(said.contains("; did you mean untrusted? Use strict, "), said);
  }

  private static String printed(int status, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Session session = Session.of(InputStream.nullInputStream(), out, out);
    List<UnixPath> typed = new ArrayList<>();
    for (String word : words) {
      typed.add(UnixPath.of(word));
    }
    assertEquals(status, Main.run(typed, session));
    session.out().flush();
    return out.toString(StandardCharsets.UTF_8);
  }
}
