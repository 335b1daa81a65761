package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher script: whatever Java, place and surroundings, only the command's own output. */
class DistributionTest {
  private static final String[] ECHO = {
    "wrap", "--", "/bin/sh", "-c", "cat; printf 'out\\n'; printf 'err\\n' >&2; exit 3"
  };

  @TempDir private Path scratch;
  private Caisson caisson = Caisson.withHome(Path.of("/"));

  @BeforeEach
  void home() throws IOException {
    readable(scratch);
    caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
  }

  static List<Path> jdks() {
    return Jdks.from(17);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyJavaLeavesThePayloadsBytesAlone(Path jdk) {
    assertEcho(caisson.command(ECHO).in(scratch).with("JAVA_HOME", jdk.toString()));
    assertEcho(caisson.command(ECHO).in(scratch).with("JAVA_HOME", jdk.toString()));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aMovedDistributionIsAsQuiet(Path jdk) throws IOException {
    Caisson moved = caisson.movedTo(copy("moved here"));
    assertEcho(moved.command(ECHO).in(scratch).with("JAVA_HOME", jdk.toString()));
    assertEcho(moved.command(ECHO).in(scratch).with("JAVA_HOME", jdk.toString()));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aMovedDistributionGetsAnArchiveOfItsOwnThatOthersCannotWrite(Path jdk) throws IOException {
    Path copy = copy("moved");
    Command.of("rm", "-rf", copy.resolve("lib/archive").toString()).run().expect(0);
    version(caisson.movedTo(copy), jdk).expect(0);

    Path cache = caisson.home().resolve(".cache/caisson");
    assertEquals("rwx------", permissions(cache));
    try (Stream<Path> files = Files.walk(cache)) {
      List<Path> archives =
          files.filter(file -> file.toString().matches(".*/caisson\\.(jsa|aot)")).toList();
      assertEquals(1, archives.size(), archives::toString);
      assertFalse(permissions(archives.get(0)).substring(3).contains("w"));
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aStaleArchiveIsNotUsedAndNotMentioned(Path jdk) throws IOException {
    Path copy = copy("stale");
    Caisson moved = caisson.movedTo(copy);
    Outcome before = version(moved, jdk).expect(0);
    try (Stream<Path> jars = Files.list(copy.resolve("lib"))) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
      }
    }
    assertEcho(moved.command(ECHO).in(scratch).with("JAVA_HOME", jdk.toString()));
    Outcome after = version(moved, jdk).expect(0);
    assertEquals(before.text(), after.text());
    assertEquals("", after.error());
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aDamagedArchiveIsNotMentioned(Path jdk) throws IOException {
    Path copy = copy("damaged");
    Caisson moved = caisson.movedTo(copy);
    version(moved, jdk).expect(0);
    for (Path root : List.of(copy, caisson.home())) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path archive : files.filter(f -> f.toString().matches(".*\\.(jsa|aot)")).toList()) {
          assertTrue(archive.toFile().setWritable(true));
          Files.writeString(archive, "not an archive");
        }
      }
    }
    assertEcho(moved.command(ECHO).in(scratch).with("JAVA_HOME", jdk.toString()));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void withoutAPlaceForACacheItRunsAllTheSame(Path jdk) throws IOException {
    Caisson moved = caisson.movedTo(copy("no-cache"));
    Command command =
        moved
            .command("--version")
            .with("JAVA_HOME", jdk.toString())
            .with("XDG_CACHE_HOME", "/proc/none");
    assertEquals("", command.run().expect(0).error());
    assertEquals("", command.without("HOME").run().expect(0).error());
    Command none = command.without("XDG_CACHE_HOME");
    assertEquals("", none.without("HOME").run().expect(0).error());
    assertEquals("", none.with("HOME", "relative").run().expect(0).error());
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void nothingIsLeftInANoexecTmpNorInAReadOnlyCurrentDirectory(Path jdk) throws IOException {
    Peer.need("unshare", "setpriv");
    // a /tmp of its own hides what lies in the usual one, which may be the checkout
    Path outside = readable(Files.createTempDirectory(Path.of("/var/tmp"), "caisson-e2e"));
    try {
      Caisson elsewhere =
          Caisson.withHome(Files.createDirectory(outside.resolve("home")))
              .movedTo(copy(outside.resolve("caisson")));
      // the mount takes a capability of a namespace of its own, which the command is not to have
      String script =
          "mount -t tmpfs -o noexec,mode=1777 none /tmp && mkdir -m 0555 /tmp/here && cd /tmp/here"
              + " && drop='setpriv --ambient-caps=-all --inh-caps=-all'"
              + " && $drop \"$1\" run hello > /dev/null < /dev/null 2>&1"
              + " && { $drop \"$@\"; status=$?; }"
              + " && find /tmp -mindepth 1 ! -path /tmp/here >&2; exit $status";
      List<String> words = new ArrayList<>(List.of("unshare", "--mount"));
      if (!isRoot()) {
        words.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
      }
      words.addAll(List.of("sh", "-c", script, "sh"));
      words.addAll(elsewhere.command(ECHO).words());
      for (int round = 0; round < 2; round++) {
        assertEcho(
            Command.of(words)
                .with("HOME", elsewhere.home().toString())
                .with("JAVA_HOME", jdk.toString()));
      }
    } finally {
      Command.of("rm", "-rf", outside.toString()).run().expect(0);
    }
  }

  @Test
  void theUsersOwnJavaOptionsPrintNothing() {
    for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
      assertEcho(caisson.command(ECHO).in(scratch).with(name, "-Dx=y"));
    }
    assertEcho(caisson.command(ECHO).in(scratch).with("_JAVA_LAUNCHER_DEBUG", "1"));
  }

  @Test
  void filesOfTheCurrentDirectoryAreNotRead() throws IOException {
    Path checkout = readable(Files.createDirectory(scratch.resolve("checkout")));
    Files.writeString(checkout.resolve(".hotspotrc"), "+PrintFlagsFinal\n");
    Files.writeString(checkout.resolve(".hotspot_compiler"), "quiet\n");
    Files.writeString(checkout.resolve("java"), "#!/bin/sh\necho planted\n");
    assertTrue(checkout.resolve("java").toFile().setExecutable(true));
    assertEcho(caisson.command(ECHO).in(checkout).with("PATH", ".::" + System.getenv("PATH")));
  }

  @Test
  void programsOfTheCurrentDirectoryAreNotRun() throws IOException {
    Path checkout = readable(Files.createDirectory(scratch.resolve("checkout")));
    Files.writeString(checkout.resolve("readlink"), "#!/bin/sh\n: >planted\n");
    assertTrue(checkout.resolve("readlink").toFile().setExecutable(true));
    Path link = scratch.resolve("caisson");
    Files.createSymbolicLink(link, Caisson.distribution().resolve("bin/caisson"));
    Command.of(link.toString(), "--version")
        .in(checkout)
        .with("PATH", ".::" + System.getenv("PATH"))
        .run()
        .expect(0);
    assertFalse(Files.exists(checkout.resolve("planted")));
  }

  @Test
  void aRemovedCurrentDirectoryIsNamed() {
    String script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" --version";
    Outcome outcome =
        Command.of("sh", "-c", script, Caisson.distribution().resolve("bin/caisson").toString())
            .in(scratch)
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("the current directory was removed"), outcome::error);
  }

  @Test
  void anOlderJavaIsRefusedByName() throws IOException {
    Path old = scratch.resolve("jdk-11");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"11.0.2\"\n");
    Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho started\n");
    assertTrue(old.resolve("bin/java").toFile().setExecutable(true));
    Outcome outcome =
        caisson.command("--version").with("JAVA_HOME", old.toString()).run().expect(125);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains("needs Java 17 or later"), outcome::error);
    assertTrue(outcome.error().contains("11.0.2"), outcome::error);
  }

  @Test
  void aMissingJavaIsNamed() {
    Outcome wrong = caisson.command("--version").with("JAVA_HOME", "/nonexistent").run();
    assertTrue(wrong.expect(125).error().contains("JAVA_HOME is '/nonexistent'"), wrong::error);
    Outcome none = caisson.command("--version").with("PATH", "/nonexistent").run();
    assertTrue(none.expect(125).error().contains("no java on the PATH"), none::error);
    Command variable = caisson.command("--version").with("PATH", "/nonexistent");
    variable.with("java", "/bin/true").run().expect(125);
  }

  @Test
  void aSymbolicLinkToTheLauncherWorks() throws IOException {
    Path link = scratch.resolve("my caisson");
    Files.createSymbolicLink(link, Caisson.distribution().resolve("bin/caisson"));
    Outcome outcome = Command.of(link.toString(), "--version").run().expect(0);
    assertEquals(caisson.run("--version").text(), outcome.text());
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aPlaceWithAnOddNameWorks(Path jdk) {
    Command.of(
            "sh",
            "-c",
            "cp -a \"$0\" \"caf$(printf '\\303\\251') %20 & it's\" && ln -s caf* odd",
            Caisson.distribution().toString())
        .in(scratch)
        .run()
        .expect(0);
    Command command =
        Command.of("sh", "-c", "exec \"$(cd -P odd && pwd)/bin/caisson\" --version")
            .in(scratch)
            .with("HOME", caisson.home().toString())
            .with("JAVA_HOME", jdk.toString());
    assertEquals("", command.with("LC_ALL", "C.UTF-8").run().expect(0).error());
    String refusal = command.with("LC_ALL", "C").run().expect(125).error();
    assertTrue(refusal.contains("LC_ALL=C.UTF-8"), refusal);
  }

  @Test
  void aColonInThePlaceIsNamed() throws IOException {
    Outcome outcome = caisson.movedTo(copy("a:b")).run("--version").expect(125);
    assertTrue(outcome.error().contains("colon"), outcome::error);
  }

  @Test
  void theJvmsLimitOfDescriptorsIsNotThePayloads() {
    Peer.need("prlimit");
    List<String> words = new ArrayList<>(List.of("prlimit", "--nofile=2000:3000"));
    words.addAll(caisson.command("wrap", "--", "/bin/sh", "-c", "ulimit -Sn; ulimit -Hn").words());
    Outcome outcome =
        Command.of(words).in(scratch).with("HOME", caisson.home().toString()).run().expect(0);
    // the usual soft limit, and no more than the caller may have
    assertEquals("1024\n3000\n", outcome.text());
  }

  private static boolean isRoot() {
    return Command.of("id", "-u").run().expect(0).text().equals("0\n");
  }

  private static void assertEcho(Command command) {
    Outcome outcome = command.input("in\n").run().expect(3);
    assertEquals("in\nout\n", outcome.text());
    assertEquals("err\n", outcome.payloadError());
  }

  private static Outcome version(Caisson caisson, Path jdk) {
    return caisson.command("--version").with("JAVA_HOME", jdk.toString()).run();
  }

  /** Root's sandboxes run with other ids, which must be able to enter the current directory. */
  private static Path readable(Path directory) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path copy(String name) {
    return copy(scratch.resolve(name));
  }

  private static Path copy(Path copy) {
    Command.of("cp", "-a", Caisson.distribution().toString(), copy.toString()).run().expect(0);
    return copy;
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
