package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that the view hides never becomes another one of the same name. */
class WrapResolutionTest {
  private static final Path HOME = Path.of(System.getProperty("user.home"));

  @TempDir private Path scratch;
  private Scratch project;
  private Path hidden;

  @BeforeEach
  void plant() throws IOException {
    project = Scratch.in(scratch);
    // beneath the home directory: that is what is hidden
    hidden = Files.createTempDirectory(HOME, ".caisson-e2e");
    Files.createDirectories(hidden.resolve("bin"));
    script(hidden.resolve("bin/sort"), "#!/bin/sh\necho mine\n");
  }

  @AfterEach
  void remove() {
    Command.of("rm", "-rf", hidden.toString()).run().expect(0);
  }

  @Test
  void outsideItIsTheOneInTheHome() {
    assertEquals("mine\n", onPath(project.host("sh", "-c", "sort /dev/null")).run().text());
  }

  @Test
  void aHiddenProgramIsRefusedByPathAndFlag() {
    Outcome outcome = onPath(project.wrap("sort", "/dev/null")).run().expect(127);
    assertTrue(outcome.error().contains(hidden + "/bin/sort"), outcome::error);
    assertTrue(outcome.error().contains("/usr/bin/sort would run in its place"), outcome::error);
    assertTrue(outcome.error().contains("--ro-bind " + hidden), outcome::error);
  }

  @Test
  void theFlagThatTheRefusalNamesHelps() {
    if (Peer.isRoot()) {
      // a home of root is not open to others, which a sandbox of root is
      return;
    }
    Outcome outcome =
        onPath(project.wrap(List.of("--ro-bind", hidden.toString()), "sort")).run().expect(0);
    assertEquals("mine\n", outcome.text());
  }

  @Test
  void aLinkInTheSystemToAHiddenProgramIsFollowed() throws IOException {
    Path bin = Files.createDirectory(project.directory().resolve("bin"));
    Files.createSymbolicLink(bin.resolve("tool"), hidden.resolve("bin/sort"));
    Outcome outcome = project.wrap("./bin/tool").run().expect(127);
    assertTrue(outcome.error().contains(hidden.toString()), outcome::error);
  }

  @Test
  void aHiddenInterpreterIsNamed() throws IOException {
    script(project.directory().resolve("direct"), "#!" + hidden + "/bin/sort\n");
    script(project.directory().resolve("by-env"), "#!/usr/bin/env sort\n");
    for (String name : List.of("./direct", "./by-env")) {
      Outcome outcome = onPath(project.wrap(name)).run().expect(127);
      assertTrue(outcome.error().contains(hidden + "/bin/sort"), outcome::error);
      assertTrue(outcome.error().contains("--ro-bind " + hidden), outcome::error);
    }
    Outcome env = onPath(project.wrap("env", "-i", "X=1", "sort")).run().expect(127);
    assertTrue(env.error().contains(hidden + "/bin/sort"), env::error);
  }

  @Test
  void aCommandThatIsNowhereIsNotFound() {
    Outcome outcome = project.wrap("caisson-e2e-nothing").run().expect(127);
    assertTrue(outcome.error().contains("is not found along PATH"), outcome::error);
  }

  private Command onPath(Command command) {
    return command.with("PATH", hidden.resolve("bin") + ":" + System.getenv("PATH"));
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
