package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script at the top of a checkout, with a stand-in for Maven that does what a test wants. The
 * real build is what continuous integration begins with.
 */
class FirstUseTest {
  private static final String BUILDS =
      """
      echo "[INFO] Building Caisson JSON 0.1.0                    [3/10]"
      echo "[INFO] Downloaded from central: https://repo.example/x.jar (1 kB at 2 kB/s)"
      echo "[INFO] Building Caisson command 0.1.0                 [9/10]"
      mkdir -p sandbox/cli/target/caisson/bin sandbox/cli/target/caisson/lib
      printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\nexit 3\\n' > sandbox/cli/target/caisson/bin/caisson
      chmod +x sandbox/cli/target/caisson/bin/caisson
      : > sandbox/cli/target/caisson/lib/complete
      """;

  @TempDir private Path scratch;
  private Path checkout = Path.of("/");

  @BeforeEach
  void aCheckoutWithAnOddName() throws IOException {
    checkout = Files.createDirectory(scratch.resolve("it's a \"clone\""));
    Files.copy(
        Path.of(System.getProperty("caisson.checkout", "../..")).resolve("caisson"),
        checkout.resolve("caisson"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(checkout.resolve("sandbox/cli/src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "");
    Files.writeString(checkout.resolve("sandbox/cli/pom.xml"), "");
  }

  /** Puts {@code script} on the path as {@code mvn}; it counts its runs in {@code builds}. */
  private void maven(String script) throws IOException {
    Path jdk = scratch.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    program(jdk.resolve("bin/javac"), "");
    Files.createDirectories(scratch.resolve("bin"));
    program(
        scratch.resolve("bin/mvn"),
        """
        if [ "$2" = -v ]; then
          printf 'Apache Maven 3.8.7\\nJava version: 17.0.1, vendor: X, runtime: %%s\\n' '%s'
          exit
        fi
        echo build >> '%s'
        """
                .formatted(jdk, scratch.resolve("builds"))
            + script);
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertTrue(file.toFile().setExecutable(true));
  }

  private Command command(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("./caisson"));
    all.addAll(List.of(words));
    return Command.of(all)
        .in(checkout)
        .with("PATH", scratch.resolve("bin") + ":" + System.getenv("PATH"));
  }

  private long builds() throws IOException {
    return Files.readAllLines(scratch.resolve("builds")).size();
  }

  @Test
  void itBuildsOnceShowsHowFarItIsAndRuns() throws IOException {
    maven(BUILDS);
    Outcome first = command("run", "a b", "").run().expect(3);
    assertEquals("<run><a b><>", first.text());
    assertTrue(first.error().contains("building Caisson JSON [3/10], 0 files"), first::error);
    assertTrue(first.error().contains("building Caisson command [9/10], 1 files"), first::error);

    Outcome second = command("x").run().expect(3);
    assertEquals("<x>", second.text());
    assertEquals("", second.error());
    assertEquals(1, builds());
  }

  @Test
  void aChangedSourceIsBuiltAgain() throws IOException {
    maven(BUILDS);
    command().run().expect(3);
    Path source = Files.writeString(checkout.resolve("sandbox/cli/src/main/X.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    command().run().expect(3);
    assertEquals(2, builds());
  }

  @Test
  void twoFirstUsesBuildOnce() throws IOException, InterruptedException {
    Path gate = scratch.resolve("gate");
    Command.of("mkfifo", gate.toString()).run().expect(0);
    maven("read -r go < '" + gate + "'\n" + BUILDS);
    Process one = command("one").start();
    Process two = command("two").start();
    // whichever comes second says so, and only then may the first go on
    Process waiting = firstToSay("waiting for another build", one, two);
    Files.writeString(gate, "go\n");
    assertEquals(3, one.waitFor());
    assertEquals(3, two.waitFor());
    assertTrue(waiting == one || waiting == two);
    assertEquals(1, builds());
  }

  private static Process firstToSay(String text, Process one, Process two)
      throws InterruptedException {
    var found = new java.util.concurrent.LinkedBlockingQueue<Process>();
    for (Process process : List.of(one, two)) {
      Thread reader =
          new Thread(
              () -> {
                try (BufferedReader lines =
                    new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                  for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.contains(text)) {
                      found.add(process);
                    }
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      reader.setDaemon(true);
      reader.start();
    }
    Process first = found.poll(1, java.util.concurrent.TimeUnit.MINUTES);
    if (first == null) {
      throw new AssertionError("neither said " + text);
    }
    return first;
  }

  @Test
  void aFailureShowsMavensLastErrorAndTheProxy() throws IOException {
    maven(
        """
        echo "[INFO] Scanning for projects..."
        echo "[ERROR] Could not transfer artifact a:b:pom:1 from central: Unknown host repo.example"
        echo "[ERROR] "
        echo "[ERROR] Re-run Maven using the -X switch to enable full debug logging."
        exit 1
        """);
    Outcome outcome = command("x").with("https_proxy", "http://me@proxy.test:8080/").run();
    assertEquals("", outcome.expect(125).text());
    assertTrue(outcome.error().contains("Unknown host repo.example"), outcome::error);
    assertFalse(outcome.error().contains("Re-run Maven"), outcome::error);
    assertTrue(
        outcome
            .error()
            .contains("MAVEN_OPTS='-Dhttps.proxyHost=proxy.test -Dhttps.proxyPort=8080'"),
        outcome::error);
    assertFalse(Files.exists(checkout.resolve("sandbox/cli/target/caisson/lib/complete")));
  }

  @Test
  void aCompilersErrorHasNothingToDoWithAProxy() throws IOException {
    maven("echo '[ERROR] X.java:[1,2] not a statement'; exit 1\n");
    Outcome outcome = command("x").run().expect(125);
    assertTrue(outcome.error().contains("not a statement"), outcome::error);
    assertFalse(outcome.error().contains("proxy"), outcome::error);
  }

  @Test
  void aCheckoutThatCannotBeWrittenIsNamed() throws IOException {
    Peer.need("unshare");
    maven(BUILDS);
    String script =
        "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && cd \"$0\" && ./caisson x";
    Outcome outcome =
        Command.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                script,
                checkout.toString())
            .with("PATH", scratch.resolve("bin") + ":" + System.getenv("PATH"))
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("where you may not write"), outcome::error);
    assertTrue(outcome.error().contains(checkout.toString()), outcome::error);
    assertFalse(Files.exists(scratch.resolve("builds")));
  }

  @Test
  void missingToolsAreNamed() throws IOException {
    Path tools = Files.createDirectories(scratch.resolve("tools"));
    for (String tool : List.of("sh", "find", "mkdir", "readlink")) {
      Outcome place = Command.of("sh", "-c", "command -v " + tool).run().expect(0);
      Files.createSymbolicLink(tools.resolve(tool), Path.of(place.text().strip()));
    }
    Outcome none = command("x").with("PATH", tools.toString()).run().expect(125);
    assertTrue(none.error().contains("no mvn on the PATH"), none::error);

    maven(BUILDS);
    Files.delete(scratch.resolve("jdk/bin/javac"));
    Outcome jre = command("x").run().expect(125);
    assertTrue(jre.error().contains("has no compiler"), jre::error);
  }
}
