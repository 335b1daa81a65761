package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies for other programs and from other programs, on the built command. */
class PolicyExchangeTest {
  @TempDir private Path scratch;
  private Caisson caisson = Caisson.withHome(Path.of("/"));

  @BeforeEach
  void home() throws IOException {
    caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
  }

  @Test
  void theSchemaIsPrinted() {
    Outcome outcome = caisson("schema").expect(0);
    assertTrue(outcome.text().startsWith("{\n  \"$schema\": "), outcome::toString);
    assertTrue(outcome.text().endsWith("}\n"), outcome::toString);
    assertEquals("", outcome.error());
  }

  @Test
  void aCommandLineOfDockersBecomesAPolicyUnderWhichAProgramRuns() {
    caisson(
            "import",
            "-o",
            "web.json",
            "docker-run",
            "--",
            "--rm",
            "--read-only",
            "--cap-drop=ALL",
            "--network",
            "none",
            "hello")
        .expect(0);
    assertTrue(caisson("check", "./web.json").expect(0).text().startsWith("./web.json: sound"));
    Outcome run = command("run", "--policy", "./web.json", "hello").expect(0);
    assertTrue(run.text().contains("Hello"), run::toString);
  }

  @Test
  void aWideningIsRefusedUnlessItIsLeftOut() {
    List<String> words =
        List.of(
            "import",
            "-o",
            "p.json",
            "docker-run",
            "--",
            "--privileged",
            "-v",
            "/var/run/docker.sock:/s",
            "--network=none");
    Outcome refused = caisson(words).expect(125);
    assertTrue(
        refused.error().contains("word 1, --privileged: not allowed here"), refused::toString);
    assertTrue(refused.error().contains("word 2, --volume: not allowed here"), refused::toString);
    assertTrue(refused.error().contains("--leave-out"), refused::toString);
    assertFalse(Files.exists(scratch.resolve("p.json")));

    List<String> leaving = new ArrayList<>(words);
    leaving.add(1, "--leave-out");
    Outcome left = caisson(leaving).expect(0);
    assertTrue(left.error().contains("word 1, --privileged: not allowed here"), left::toString);
    assertFalse(caisson("show", "--format", "json", "./p.json").text().contains("docker.sock"));
  }

  @Test
  void aPodIsReadFromStandardInput() {
    String pod =
        "{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"a\", \"securityContext\":"
            + " {\"readOnlyRootFilesystem\": true}}]}}";
    Outcome outcome = command("policy", "import", "kubernetes", "-", pod).expect(0);
    assertTrue(outcome.text().contains("\"root\": \"read-only\""), outcome::toString);
  }

  @Test
  void mistakesAreSaidAtOnceWithTheirPlaces() throws IOException {
    Files.writeString(
        scratch.resolve("p.json"),
        "{\"defaultAction\": \"ALLOW\",\n \"syscalls\": [{}], \"a\": 1}");
    Outcome outcome = caisson("import", "oci-seccomp", "./p.json").expect(125);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains("./p.json:1:19: $.defaultAction: "), outcome::toString);
    assertTrue(
        outcome.error().contains("./p.json:2:15: $.syscalls[0].action: "), outcome::toString);
    assertTrue(outcome.error().contains("./p.json:2:20: $.a: no such key"), outcome::toString);
    assertTrue(outcome.error().endsWith("caisson: 4 mistakes\n"), outcome::toString);
  }

  @Test
  void aFormatThatIsNoneIsRefusedWithTheNearest() {
    Outcome outcome = caisson("import", "kubernets", "p.json").expect(125);
    assertTrue(outcome.error().contains("Did you mean kubernetes?"), outcome::toString);
    Outcome flags = caisson("import", "docker-run", "--cap-drop", "ALL").expect(125);
    assertTrue(flags.error().contains("Write -- before the flags"), flags::toString);
  }

  private Outcome caisson(String... words) {
    return caisson(List.of(words));
  }

  private Outcome caisson(List<String> words) {
    List<String> all = new ArrayList<>(List.of("policy"));
    all.addAll(words);
    return caisson.command(all).in(scratch).run();
  }

  private Outcome command(String... words) {
    List<String> all = List.of(words);
    boolean reads = all.contains("-");
    Command command = caisson.command(reads ? all.subList(0, all.size() - 1) : all).in(scratch);
    return reads ? command.input(all.get(all.size() - 1)).run() : command.run();
  }
}
