package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that are refused while the flags are read. */
class ValueCheckTest {
  private static String refused(String verb, String... words) {
    Syntax syntax = Verbs.named(verb).orElseThrow().syntax();
    List<UnixPath> typed = Arrays.stream(words).map(UnixPath::of).toList();
    UsageRefusal refusal = assertThrows(UsageRefusal.class, () -> Arguments.parse(syntax, typed));
    return refusal.why() + ". " + refusal.remedy();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run         | --init    | reaper, none and image",
        "wrap        | --network | none, private and host",
        "compile     | --userns  | single, range and auto",
        "policy show | --view    | wrap and image",
        "policy test | --format  | text and json",
        "doctor      | --format  | text and json",
        "policy export | --arch  | x86_64 and aarch64",
        "seccomp compile | --mode | strict and compat",
      })
  void aFlagOfAFewWordsNamesThem(String verb, String flag, String words) {
    for (String other : List.of("--rootfs", "hello", "-x")) {
      String said = refused(verb, flag, other, "bb", "id");
      assertTrue(said.startsWith(flag + " knows " + words + ", not " + other + ". Write "), said);
    }
  }

  @Test
  void aSlipOfAWordIsAnsweredWithTheNearest() {
    assertTrue(refused("run", "--init=nonne").contains("not nonne. Did you mean none?"));
    assertTrue(refused("run", "--init", "hello").contains("Write --init reaper|none|image"));
  }

  @Test
  void everyWordThatAFlagListsIsTaken() {
    List<String> closed = new ArrayList<>();
    for (String verb : Verbs.NAMES) {
      Syntax syntax = Verbs.named(verb).orElseThrow().syntax();
      for (Flag flag : syntax.flags()) {
        for (String word : flag.words()) {
          Arguments arguments =
              Arguments.parse(syntax, List.of(UnixPath.of(flag.name()), UnixPath.of(word)));
          assertEquals(word, arguments.text(flag).orElseThrow());
          closed.add(flag.name() + " " + word);
        }
      }
    }
    assertTrue(closed.contains("--init image"), closed::toString);
    assertTrue(!closed.contains("--home ro"), closed::toString);
  }
}
