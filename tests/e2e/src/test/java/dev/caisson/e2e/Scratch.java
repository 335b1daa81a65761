package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A directory for one test, with the command and the files that it needs. */
final class Scratch {
  private final Path directory;
  private final Caisson caisson;

  private Scratch(Path directory, Caisson caisson) {
    this.directory = directory;
    this.caisson = caisson;
  }

  /** {@code work} in a test's temporary directory; a sandbox of root's can read it too. */
  static Scratch in(Path temporary) throws IOException {
    open(temporary);
    Path work = Files.createDirectory(temporary.resolve("work"));
    open(work);
    return new Scratch(work, Caisson.withHome(Files.createDirectory(temporary.resolve("home"))));
  }

  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Goes on only for an ordinary user, or only for root: the suite is run as both. */
  static void onlyAsRoot(boolean root) {
    assumeTrue(
        System.getProperty("user.name").equals("root") == root,
        root ? "only root can do this" : "for ordinary users");
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  Path file(String name, String content) throws IOException {
    Path file = Files.writeString(path(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /** Writes a program of the tests' resources here. */
  Path program(String name) throws IOException {
    try (InputStream in = Scratch.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return file(name, new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  /** The policy untrusted with other settings, as a file here. */
  String policy(String settings) throws IOException {
    String text =
        "{\"apiVersion\": \"caisson/1\", \"name\": \"test\", \"extends\": [\"untrusted\"], "
            + settings
            + "}";
    return file("policy.json", text).toString();
  }

  Path directory() {
    return directory;
  }

  /** {@code caisson wrap} with flags, and a command after the {@code --}, run here. */
  Command wrap(List<String> flags, String... command) {
    List<String> words = new ArrayList<>(List.of("wrap"));
    words.addAll(flags);
    words.add("--");
    words.addAll(List.of(command));
    return caisson.command(words).in(directory);
  }

  Command wrap(String... command) {
    return wrap(List.of(), command);
  }

  /** For root, whose sandboxes do not write as root, sees that this is refused. */
  boolean refusesToWrite() {
    if (!Peer.isRoot()) {
      return false;
    }
    Outcome outcome = wrap(List.of("--rw"), "true").run().expect(125);
    assertTrue(outcome.error().contains("or run as an ordinary user"), outcome::error);
    return true;
  }

  /** The same command where nothing confines it. */
  Command host(String... command) {
    return Command.of(command).in(directory);
  }

  /** A command of Caisson's, run here. */
  Command caisson(String... arguments) {
    return caisson.command(arguments).in(directory);
  }

  /** A shell script, run here, in which {@code caisson} is the distribution's. */
  Command shell(String script) {
    String function = "caisson() { '" + Caisson.distribution() + "/bin/caisson' \"$@\"; }\n";
    return caisson.environmentOf(Command.of("sh", "-c", function + script)).in(directory);
  }
}
