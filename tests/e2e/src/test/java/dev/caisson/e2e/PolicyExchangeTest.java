package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  @Test
  void runcEnforcesAnExportedPolicy() throws IOException {
    Peer.need("runc", "busybox");
    Path bundle = bundle();
    Outcome run = runtime("runc", bundle);
    assertEquals(0, run.status(), run::toString);
    assertEquals(
        List.of(
            "0",
            "caisson",
            "CapEff:\t0000000000000000",
            "NoNewPrivs:\t1",
            "Seccomp:\t2",
            "127.0.0.1 localhost caisson",
            "::1 localhost caisson",
            "read-only",
            "no user namespace",
            "no mount"),
        run.text().lines().toList());
  }

  /** crun 1.8 starts nothing where there are control groups of both versions. */
  @Test
  void crunTakesTheSameBundle() throws IOException {
    Peer.need("crun", "busybox");
    Outcome run = runtime("crun", bundle());
    assertTrue(
        run.text().contains("NoNewPrivs:\t1")
            || run.error().contains("cgroups in hybrid mode not supported"),
        run::toString);
  }

  @Test
  void aProtectionThatWouldBeLostRefusesTheExport() throws IOException {
    Files.writeString(
        scratch.resolve("p.json"),
        "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"], \"root\": \"read-only\","
            + " \"limits\": {\"wallClock\": \"1m\"}}");
    Outcome refused = caisson("export", "-o", "b", "oci", "./p.json").expect(125);
    assertTrue(refused.error().contains("limits.wallClock: not enforced here"), refused::toString);
    assertFalse(Files.exists(scratch.resolve("b")));
    Outcome left = caisson("export", "--leave-out", "oci", "./p.json").expect(0);
    assertTrue(left.text().contains("\"noNewPrivileges\": true"), left::toString);
  }

  private Path bundle() throws IOException {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        scratch.resolve("p.json"),
        "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"], \"root\": \"read-only\","
            + " \"process\": {\"cwd\": \"/\"}}");
    String script =
        "id -u; hostname; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status; cat /etc/hosts;"
            + " true 2> /dev/null > /x || echo read-only;"
            + " unshare -U true 2> /dev/null || echo no user namespace;"
            + " mount -t tmpfs x /tmp 2> /dev/null || echo no mount";
    caisson("export", "-o", "bundle", "oci", "./p.json", "--", "/bin/sh", "-c", script).expect(0);
    Path bundle = scratch.resolve("bundle");
    for (String directory : List.of("bin", "proc", "dev", "tmp", "run", "etc")) {
      Files.createDirectories(bundle.resolve("rootfs").resolve(directory));
    }
    Path busybox = bundle.resolve("rootfs/bin/busybox");
    Files.copy(Path.of("/usr/bin/busybox"), busybox);
    Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String applet :
        List.of("sh", "id", "hostname", "grep", "cat", "unshare", "true", "mount")) {
      Files.createSymbolicLink(bundle.resolve("rootfs/bin").resolve(applet), Path.of("busybox"));
    }
    if (Peer.isRoot()) {
      Command.of(List.of("chown", "-R", "524288:524288", bundle.toString())).run().expect(0);
    }
    return bundle;
  }

  private Outcome runtime(String name, Path bundle) {
    Path state = scratch.resolve(name);
    return Command.of(
            List.of(
                name,
                "--root",
                state.toString(),
                "run",
                "-b",
                bundle.toString(),
                "caisson-" + ProcessHandle.current().pid()))
        .with("XDG_RUNTIME_DIR", scratch.toString())
        .run();
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
