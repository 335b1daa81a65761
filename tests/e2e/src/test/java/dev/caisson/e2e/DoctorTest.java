package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What caisson doctor says of the caller's own files. */
class DoctorTest {
  @TempDir private Path temporary;

  @Test
  void directoriesThatCannotBeMadeKeepASandboxFromStarting() throws IOException {
    Scratch scratch = Scratch.in(temporary);
    assertTrue(
        scratch.caisson("doctor").run().expect(0).text().contains("own directories"),
        "where all is well");
    for (String word : new String[] {"doctor", "wrap -- true"}) {
      Outcome outcome = scratch.shell("caisson " + word).with("XDG_DATA_HOME", "/proc/none").run();
      assertTrue(outcome.status() != 0, outcome::toString);
      String said = outcome.text() + outcome.error();
      assertTrue(said.contains("cannot use the directory /proc/none/caisson"), outcome::toString);
      assertTrue(said.contains("Set XDG_DATA_HOME"), outcome::toString);
    }
  }
}
