package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Programs that a test needs beside Caisson. */
final class Peer {
  private Peer() {}

  /** Skips the test if a program is missing; in continuous integration it fails. */
  static void need(String... programs) {
    for (String program : programs) {
      need(find(program), program + " is not installed");
    }
  }

  /** Skips the test, saying so, unless {@code there}; in continuous integration it fails. */
  static void need(boolean there, String otherwise) {
    if ("true".equals(System.getenv("CI"))) {
      assertTrue(there, otherwise);
    } else {
      assumeTrue(there, otherwise);
    }
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Whether a program is there. */
  static boolean find(String program) {
    return directories().stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static List<String> directories() {
    return Arrays.asList((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"));
  }
}
