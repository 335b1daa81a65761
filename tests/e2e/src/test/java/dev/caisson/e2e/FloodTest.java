package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program takes without end, it gets up to a limit; what it races for, it never gets. */
class FloodTest {
  private static final int RACES = Integer.getInteger("caisson.races", 200);

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  @ParameterizedTest
  @CsvSource({
    "processes, EAGAIN, 64",
    "zombies, EAGAIN, 64",
    "descriptors, EMFILE, 128",
    "disk, ENOSPC, 128",
    "files, ENOSPC, 8192"
  })
  void aFloodEnds(String what, String error, int most) throws IOException {
    Peer.need("python3");
    scratch.program("floods.py");
    String policy =
        scratch.policy("\"limits\": {\"pids\": 64, \"openFiles\": 128, \"tmpfs\": \"8MiB\"}");
    Outcome outcome =
        scratch
            .wrap(java.util.List.of("--policy", policy), "/usr/bin/python3", "floods.py", what)
            .run();
    String[] words = outcome.text().strip().split(" ");
    assertEquals(error, words[words.length - 1], outcome::toString);
    assertTrue(Integer.parseInt(words[0]) <= most, outcome::toString);
    assertTrue(Integer.parseInt(words[0]) > most / 8, outcome::toString);
  }

  /**
   * These count for the host, or for all that the caller runs there; a flood ends with its group.
   */
  @ParameterizedTest
  @CsvSource({"terminals, 256 ENOSPC", "watchers, 64 EMFILE"})
  void theCallersOwnProgramsKeepSome(String what, String end) throws IOException {
    Peer.need("python3");
    scratch.program("floods.py");
    String policy = scratch.policy("\"limits\": {\"openFiles\": 1000}");
    Outcome inside =
        scratch
            .wrap(java.util.List.of("--policy", policy), "/usr/bin/python3", "floods.py", what)
            .run();
    assertEquals(end, inside.text().strip(), inside::toString);
    Outcome outside =
        scratch.host("/usr/bin/setsid", "--wait", "/usr/bin/python3", "floods.py", what).run();
    int most = Integer.parseInt(end.split(" ")[0]);
    assertTrue(Integer.parseInt(outside.text().split(" ")[0]) > most, outside::toString);
  }

  @Test
  void aFloodOfOutputEndsTheSandbox() throws IOException {
    String policy = scratch.policy("\"limits\": {\"output\": \"1MiB\"}");
    Outcome outcome = scratch.wrap(java.util.List.of("--policy", policy), "yes").run().expect(124);
    assertTrue(outcome.out().length <= 1 << 20, outcome.out().length + " bytes");
  }

  /**
   * From its first instruction on a payload cannot look into PID 1, although it sees it here and
   * has its user id; -Dcaisson.races=10000 tries as often.
   */
  @Test
  void theFirstProcessIsNeverOpenToThePayload() throws IOException {
    Peer.need("busybox");
    scratch
        .shell(
            "mkdir -p root/proc root/dev root/tmp root/run root/etc root/bin"
                + " && cp \"$(command -v busybox)\" root/bin/sh")
        .run()
        .expect(0);
    scratch
        .caisson(
            "compile",
            "-o",
            "race",
            "--policy",
            scratch.policy("\"proc\": \"full\""),
            "--rootfs",
            "root",
            "/bin/sh",
            "-c",
            "(exec 3< /proc/1/maps) 2>/dev/null && echo traced;"
                + " (exec 3< /proc/1/mem) 2>/dev/null && echo traced;"
                + " exec 3< /proc/self/maps && echo sees")
        .run()
        .expect(0);
    Outcome outcome =
        scratch
            .shell("i=0; while test $i -lt " + RACES + "; do ./race || exit; i=$((i+1)); done")
            .run()
            .expect(0);
    assertEquals(RACES, outcome.text().lines().filter("sees"::equals).count());
    assertEquals(RACES, outcome.text().lines().count(), outcome::text);
    assertTrue(Files.exists(scratch.path("race")));
  }
}
