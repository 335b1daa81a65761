package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered to flags that are another tool's, or nobody's. */
class ForeignFlagsTest {
  private static String refused(Syntax syntax, String... words) {
    List<UnixPath> typed = Arrays.stream(words).map(UnixPath::of).toList();
    return String.valueOf(
        assertThrows(
                UsageRefusal.class, () -> RunVerb.order(syntax, Arguments.parse(syntax, typed)))
            .getMessage());
  }

  private static Syntax syntax(String verb) {
    return Verbs.named(verb).orElseThrow().syntax();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run  | --add-host       | its field filesystem, as a text at /etc/hosts",
        "run  | --dns            | its field filesystem, as a text at /etc/resolv.conf",
        "run  | --gpus           | only those that a policy's devices names",
        "run  | --uts            | each sandbox has namespaces of its own",
        "run  | --pid            | each sandbox has namespaces of its own",
        "run  | --link           | sandboxes have no network among each other",
        "run  | --shm-size       | /dev/shm holds 64MiB",
        "run  | --read-only      | its field root",
        "run  | --env-file       | Write -e NAME=VALUE for each variable",
        "run  | --net            | Write --network none, private or host",
        "run  | --privileged     | There is nothing like it: say in a policy what",
        "run  | --cap-add        | its field capabilities.keep",
        "wrap | --cap-drop       | Leave it out: there are no capabilities",
        "wrap | --security-opt   | Leave no-new-privileges out",
        "wrap | -it              | Leave it out, since it is always so",
        "wrap | --rm             | Leave it out, since it is always so",
        "run  | --unsetenv       | a policy's environment.remove takes those away",
        "run  | --perms          | its field filesystem, as the mode of a tmpfs",
        "run  | --chmod          | its field filesystem, as the mode of a tmpfs",
        "run  | --size           | Write --tmpfs DIR:SIZE",
        "run  | --remount-ro     | its field filesystem, as readOnly",
        "run  | --json-status-fd | Write --result FILE",
        "run  | --args           | Write --policy FILE",
        "run  | --lock-file      | There is nothing like it: lock",
        "run  | --as-pid-1       | Write --init none",
        "run  | --bind-try       | its field filesystem, a bind that is optional",
        "run  | --ro-bind-try    | its field filesystem, a bind that is optional",
        "run  | --unshare-cgroup | Leave it out, since it is always so",
        "run  | -R               | Write --ro-bind SRC:DST",
        "run  | -B               | Write --bind SRC:DST",
        "run  | -E               | Write -e NAME=VALUE",
        "run  | --cwd            | Write --chdir DIR",
        "wrap | --cwd            | Write --chdir DIR",
        "run  | --time_limit     | Write --timeout TIME",
        "run  | --rlimit_as      | Write --memory SIZE",
        "run  | --rlimit_cpu     | its field limits.cpuTime",
        "run  | --disable_clone_newpid | There is nothing like it",
        "run  | --rw             | its field root, as writable",
      })
  void aFlagOfAnotherToolIsAnsweredWithItsCounterpart(String verb, String flag, String answer) {
    String said = refused(syntax(verb), flag, "x");
    assertTrue(said.contains("there is no flag " + flag + ". "), said);
    assertTrue(said.contains(answer), said);
    assertFalse(said.contains("Did you mean"), said);
  }

  @Test
  void noSlipLeadsToAFlagThatOpensSomething() {
    for (String verb : Verbs.NAMES) {
      for (Flag flag : syntax(verb).flags()) {
        for (String name : flag.names()) {
          if (flag.opens() && name.length() > 4) {
            String slip = name.substring(0, name.length() - 1) + "#";
            assertEquals("", Spelling.flagHint(slip, syntax(verb)), verb);
            String beginning = name.substring(0, name.length() - 1);
            assertFalse(
                Spelling.flagHint(beginning, syntax(verb)).contains(" " + name + "?"), verb);
          }
        }
      }
    }
    List<String> opening = new ArrayList<>();
    syntax("wrap").flags().stream().filter(Flag::opens).map(Flag::name).forEach(opening::add);
    assertEquals(
        "--rw --git --home --ro-bind --bind -v --env-host --network --egress -p --allow-unix"
            + " --allow-write",
        String.join(" ", opening));
  }

  @Test
  void otherSlipsLeadToTheFlag() {
    assertTrue(refused(syntax("run"), "--rotfs", "x").contains("Did you mean --rootfs?"));
    assertTrue(refused(syntax("run"), "--timout", "1s").contains("Did you mean --timeout?"));
    assertEquals("", Spelling.hint("prune", List.of("run", "wrap")));
  }

  @Test
  void whatHoldsAnywayIsAccepted() {
    String missing = "an image is missing";
    Syntax run = syntax("run");
    assertTrue(refused(run, "--cap-drop", "ALL", "--cap-drop=net_raw").contains(missing));
    assertTrue(refused(run, "--security-opt", "no-new-privileges").contains(missing));
    assertTrue(refused(run, "--security-opt=no-new-privileges:true").contains(missing));
    assertTrue(
        refused(run, "--security-opt", "seccomp=unconfined")
            .contains("--security-opt knows no-new-privileges, not seccomp=unconfined. A policy"));
    assertTrue(refused(run, "--cap-drop", "NET_ROW").contains("no capability CAP_NET_ROW"));
    String kept = refused(run, "--policy", "./keeps.json", "--cap-drop", "ALL");
    assertTrue(kept.contains("--cap-drop changes nothing of the policy ./keeps.json"), kept);
  }
}
