package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under strict nothing that a program can read names the caller, the host, or a path of theirs. */
class HygieneTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path MACHINE_ID = Path.of("/etc/machine-id");

  /** A directory whose name is nowhere else. */
  @TempDir private Path temporary;

  private Scratch scratch;
  private String strange;

  @BeforeEach
  void aStrangeDirectory() throws IOException {
    Peer.need("python3");
    strange = temporary.getFileName().toString();
    scratch = Scratch.in(temporary);
    scratch.program("leaks.py");
  }

  private String seen(String policy) {
    return scratch
        .wrap(List.of("--policy", policy), PYTHON, "leaks.py")
        .with("CAISSON_TEST_SECRET", strange)
        .run()
        .expect(0)
        .text();
  }

  private List<String> whatNothingMayName() throws IOException {
    List<String> values = new ArrayList<>(List.of(strange));
    values.add(scratch.host("hostname").run().expect(0).text().strip());
    if (!Peer.isRoot()) {
      // root's are in every passwd
      values.add(System.getProperty("user.name"));
      values.add(System.getProperty("user.home"));
    }
    if (Files.isReadable(MACHINE_ID)) {
      values.add(Files.readString(MACHINE_ID).strip());
    }
    // short ones are words of other files too; EscapeTest looks where the host's name would stand
    values.removeIf(value -> value.length() < 5 || "localhost caisson".contains(value));
    return values;
  }

  @Test
  void strictNamesNeitherCallerNorHost() throws IOException {
    String seen = seen("strict");
    assertTrue(seen.contains("/proc/self/mountinfo:") && seen.contains("nodename='caisson'"), seen);
    for (String value : whatNothingMayName()) {
      assertEquals(List.of(), seen.lines().filter(line -> line.contains(value)).toList(), value);
    }
  }

  @Test
  void aRootDirectoryIsNotNamedEither() {
    scratch
        .shell(
            "mkdir -p root/proc root/dev root/tmp root/run root/etc root/bin && cp \"$(command -v busybox)\" root/bin/sh")
        .run();
    Peer.need(Files.isExecutable(scratch.path("root/bin/sh")), "busybox is not installed");
    String read =
        "cd /proc/self; for f in mountinfo mounts mountstats cmdline environ cgroup maps; do echo $f; cat $f;"
            + " done; set";
    Outcome outcome =
        scratch
            .caisson("run", "--policy", "strict", "--rootfs", "root", "/bin/sh", "-c", read)
            .run()
            .expect(0);
    assertTrue(outcome.text().contains("overlay"), outcome::toString);
    assertTrue(!outcome.text().contains(strange), outcome::toString);
  }

  /** What the view of untrusted shows at the caller's own paths: so the test is known to see. */
  @Test
  void underUntrustedTheDirectoryIsWhereItIsOutside() {
    assertTrue(seen("untrusted").lines().anyMatch(line -> line.contains(strange)));
  }
}
