package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets planted where a host has them are found by a search outside, and by none inside. */
class WrapSecretsTest {
  /**
   * Prints what holds the secret, which comes in two parts lest the search find itself: the
   * environments of all processes, and files beneath the directories that follow.
   */
  private static final String SEARCH =
      """
      secret=$1$2; shift 2
      cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -q "$secret" && echo environment
      find "$@" \\( -path /proc -o -path /usr -o -path /dev \\) -prune -o -type f -size -9 \
        -exec grep -sl "$secret" {} +
      find "$@" \\( -path /proc -o -path /usr \\) -prune -o -name "*$secret*" -print
      """;

  private static final String FIRST = "caisson-e2e-secret";
  private static final Path HOME = Path.of(System.getProperty("user.home"));

  @TempDir private Path scratch;
  private final String rest = UUID.randomUUID().toString();
  private final String secret = FIRST + rest;
  private final List<Path> planted = new ArrayList<>();
  private Scratch project;

  @BeforeEach
  void plant() throws IOException {
    project = Scratch.in(scratch);
    plant(HOME.resolve(".ssh"));
    plant(HOME.resolve(".aws"));
    plant(HOME);
    plant(Path.of("/tmp"));
    plant(Path.of("/var/tmp"));
  }

  private void plant(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      planted.add(directory);
    }
    planted.add(0, Files.writeString(directory.resolve(secret), secret));
  }

  @AfterEach
  void remove() throws IOException {
    for (Path path : planted) {
      Files.delete(path);
    }
  }

  @Test
  void outsideTheSearchFindsThemAll() {
    List<String> places = new ArrayList<>();
    planted.stream().filter(Files::isRegularFile).map(Path::toString).forEach(places::add);
    Outcome outcome = search(project.host(words(places))).run();
    List<String> found = outcome.text().lines().toList();
    assertTrue(found.contains("environment"), outcome::toString);
    assertTrue(found.containsAll(places), outcome::toString);
  }

  @Test
  void insideTheSearchFindsNone() {
    assertEquals("", search(project.wrap(words(List.of("/")))).run().text());
  }

  @Test
  void insideAWritableDirectoryTheSearchFindsNone() {
    if (project.refusesToWrite()) {
      return;
    }
    Outcome outcome = search(project.wrap(List.of("--rw"), words(List.of("/")))).run();
    assertEquals("", outcome.text());
  }

  @Test
  void theMachineIdIsNotThere() throws IOException {
    Path file = Path.of("/etc/machine-id");
    Peer.need(Files.isReadable(file) && Files.size(file) > 0, "the host has no machine id");
    String id = Files.readString(file).strip();
    String script =
        "find / \\( -path /proc -o -path /usr -o -path /dev \\) -prune -o -type f -size -9 -exec grep -sl \"$1$2\""
            + " {} +; cat /proc/sys/kernel/hostname";
    Outcome outcome =
        project.wrap("sh", "-c", script, "sh", id.substring(0, 9), id.substring(9)).run();
    assertEquals("caisson\n", outcome.text());
  }

  @Test
  void whatAGroupMayReadIsMasked() throws IOException {
    if (!Peer.isRoot()) {
      // only root can give a process a group
      return;
    }
    Peer.need("setpriv");
    String script = "cat \"$@\"; ls \"$1\" 2>/dev/null";
    Path opt = Files.createTempDirectory(Path.of("/opt"), "caisson-e2e");
    Path etc = Path.of("/etc/profile.d/" + secret);
    try {
      List<String> files = new ArrayList<>();
      for (Path file : List.of(opt.resolve("group-only"), etc)) {
        Files.writeString(file, secret + "\n");
        project.host("chown", "0:54322", file.toString()).run().expect(0);
        project.host("chmod", "0640", file.toString()).run().expect(0);
        files.add(file.toString());
      }
      for (String name : List.of(".env", "server.key", "id_rsa")) {
        files.add(Files.writeString(opt.resolve(name), secret + "\n").toString());
      }
      project.host("chmod", "-R", "go+rX", opt.toString()).run().expect(0);
      project.host("chmod", "0640", files.get(0)).run().expect(0);
      project.host("chown", "-R", "54321", scratch.toString()).run().expect(0);
      List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
      command.addAll(files);
      Outcome outside = asMember(project.host(command.toArray(new String[0])));
      assertEquals(
          files.size(), outside.text().lines().filter(secret::equals).count(), outside::toString);
      Outcome inside = asMember(project.wrap(command.toArray(new String[0])));
      assertEquals(files.get(0) + "\n", inside.text(), inside::toString);
    } finally {
      Files.deleteIfExists(etc);
      Command.of("rm", "-rf", opt.toString()).run().expect(0);
    }
  }

  /** As an account that is in the group 54322. */
  private Outcome asMember(Command command) {
    List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=54321", "--regid=54321"));
    words.addAll(List.of("--groups=54322", "--inh-caps=-all"));
    words.addAll(command.words());
    Command member = Command.of(words).in(project.directory());
    for (String kind : List.of("DATA", "CONFIG", "STATE", "CACHE")) {
      member.with("XDG_" + kind + "_HOME", scratch.resolve("home").toString());
    }
    return member.run();
  }

  private String[] words(List<String> places) {
    List<String> words = new ArrayList<>(List.of("sh", "-c", SEARCH, "sh", FIRST, rest));
    words.addAll(places);
    return words.toArray(new String[0]);
  }

  /** A token in the environment, under names of both kinds. */
  private Command search(Command command) {
    return command
        .with("GITHUB_TOKEN", secret)
        .with("AWS_SECRET_ACCESS_KEY", secret)
        .with("LD_LIBRARY_PATH", "/" + secret)
        .with("PS1", secret);
  }
}
