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
    UsageRefusal refusal =
        assertThrows(UsageRefusal.class, () -> order(syntax, Arguments.parse(syntax, typed)));
    return refusal.why() + ". " + refusal.remedy();
  }

  private static void order(Syntax syntax, Arguments arguments) {
    if (syntax.verb().equals("wrap")) {
      WrapVerb.order(syntax, arguments);
    } else {
      RunVerb.order(syntax, arguments);
    }
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
  void anEmptyValueIsAVariableThatTheShellDoesNotHave() {
    for (String verb : Verbs.NAMES) {
      for (Flag flag : Verbs.named(verb).orElseThrow().syntax().flags()) {
        if (flag.parameters().size() == 1 && !flag.name().equals("--entrypoint")) {
          assertEquals(
              flag.name()
                  + " is empty, as where a variable of the shell is not set. Write "
                  + flag.form()
                  + ". 'caisson "
                  + verb
                  + " --help' shows how it is used",
              refused(verb, flag.name(), ""));
        }
      }
    }
    assertTrue(refused("run", "--rootfs=", "id").startsWith("--rootfs is empty"));
    assertTrue(refused("run", "--symlink", "", "/a").startsWith("TEXT of --symlink is empty"));
    assertTrue(refused("run", "--symlink", "a", "").startsWith("PATH of --symlink is empty"));
    assertTrue(refused("wrap", "-v", ":/work", "id").startsWith("a path of -v is empty"));
    assertTrue(refused("wrap", "--bind", "/work:", "id").startsWith("a path of --bind is empty"));
  }

  @Test
  void someValuesAreEmptyOnPurpose() {
    Syntax run = Verbs.named("run").orElseThrow().syntax();
    List<UnixPath> typed = new ArrayList<>();
    for (String word : List.of("--entrypoint", "", "--setenv", "A", "", "-e", "B=", "hello")) {
      typed.add(UnixPath.of(word));
    }
    assertEquals(1, Arguments.parse(run, typed).operands().size());
  }

  @Test
  void aKeyIsForImagesOnly() {
    for (String verb : List.of("run", "compile")) {
      String said = refused(verb, "--key", "a.pub", "--rootfs", "bb", "id");
      assertTrue(
          said.startsWith("--key checks images; a root directory has no signature. Leave"), said);
      String entrypoint = refused(verb, "--entrypoint", "/bin/sh", "--rootfs", "bb", "id");
      assertTrue(entrypoint.startsWith("--entrypoint is of images"), entrypoint);
    }
  }

  @Test
  void aWorkingDirectoryInsideIsAbsolute() {
    for (String flag : List.of("-w", "--workdir", "--chdir")) {
      for (String verb : List.of("run", "wrap")) {
        assertTrue(
            refused(verb, flag, "sub", "hello")
                .startsWith("-w needs an absolute path inside, not sub. Begin it with /"));
      }
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
