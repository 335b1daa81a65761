package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The payload has a terminal of its own; the caller's is never passed on. */
class TerminalTest {
  @TempDir private Path temporary;

  @Test
  void aPersonCanWorkInASandbox() throws IOException {
    Peer.need("python3");
    Scratch scratch = Scratch.in(temporary);
    scratch.program("terminal.py");
    Outcome outcome =
        scratch
            .shell("python3 terminal.py '" + Caisson.distribution() + "/bin/caisson' wrap --")
            .run();
    assertEquals("ok\n", outcome.expect(0).text(), outcome::toString);
  }

  /** ^Z, fg and ^C, as at any shell. */
  @Test
  void aWrappedProgramIsAJobOfTheShell() throws IOException {
    Peer.need("python3", "bash");
    Scratch scratch = Scratch.in(temporary);
    scratch.program("jobs.py");
    Outcome outcome =
        scratch.shell("python3 jobs.py '" + Caisson.distribution() + "/bin/caisson'").run();
    assertEquals("ok\n", outcome.expect(0).text(), outcome::toString);
  }

  /** What was typed ahead, or pushed in by TIOCSTI, never reaches the caller's shell. */
  @Test
  void theCallersTerminalIsNotAmongTheDescriptors() throws IOException {
    Peer.need("script");
    Scratch scratch = Scratch.in(temporary);
    String caisson = "'" + Caisson.distribution() + "/bin/caisson' wrap -- ";
    Outcome outcome =
        scratch
            .shell(
                "script -qec \"tty > outer; "
                    + caisson
                    + "sh -c 'for f in 0 1 2; do readlink /proc/self/fd/\\$f; done'\" /dev/null")
            .run();
    assertEquals("/dev/pts/0\n".repeat(3), outcome.expect(0).textOfScript(), outcome::toString);
  }
}
