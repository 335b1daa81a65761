package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.IdMap;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.RunningSandbox;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writable root on a host as before Linux 6.6, where its changes lie on disk. */
class WritableRootTest {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  @TempDir Path directory;
  private Path containers;
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    assumeTrue(Files.isExecutable(BUSYBOX), "needs busybox-static");
    // started by root the sandbox has other ids, which must be able to reach its root
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    containers = directory.resolve("data/containers");
    root = directory.resolve("root");
    for (String each : List.of("bin", "dev", "etc", "proc", "run", "tmp", "old/inner")) {
      Files.createDirectories(root.resolve(each));
    }
    Files.copy(BUSYBOX, root.resolve("bin/busybox"));
    Files.writeString(root.resolve("old/inner/file"), "of the image");
    HostFacts host = HostProbe.probe();
    EffectivePolicy policy =
        PolicyLoader.load(UnixPath.of("strict"), host.uid(), new HostPolicyFiles())
            .resolve(View.IMAGE, host);
    if (IdMap.of(host, policy) instanceof IdMap.Range range) {
      give(range.first());
    }
  }

  /** Gives the root to the sandbox's ids. */
  private void give(int id) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setAttribute(file, "unix:uid", id);
        Files.setAttribute(file, "unix:gid", id);
      }
    }
  }

  private static HostFacts oldHost() {
    HostFacts facts = HostProbe.probe();
    return new HostFacts(
        facts.architecture(),
        facts.kernel(),
        facts.landlockAbi(),
        false,
        facts.today(),
        facts.uid(),
        facts.gid(),
        facts.supplementaryGroups(),
        facts.user(),
        facts.home(),
        facts.currentDirectory(),
        facts.environment(),
        facts.rootLinks());
  }

  private Engine engine() {
    HostFacts host = oldHost();
    return Engine.open(
        new EngineDirectories(at("data"), at("configuration"), at("run")),
        new Installation(Optional.empty()),
        host);
  }

  private UnixPath at(String name) {
    return UnixPath.of(directory.resolve(name).toString());
  }

  private PreparedLaunch prepare(String script) {
    return engine()
        .prepare(
            new Order(
                new Workload.Directory(
                    at("root"),
                    List.of(
                        UnixPath.of("/bin/busybox"),
                        UnixPath.of("sh"),
                        UnixPath.of("-c"),
                        UnixPath.of(script))),
                UnixPath.of("untrusted"),
                Adjustments.NONE),
            Mode.SPAWNED);
  }

  private int run(String script) {
    try (PreparedLaunch launch = prepare(script);
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      return sandbox.waitFor();
    }
  }

  @Test
  void aDirectoryOfTheImageIsReplaced() {
    assertEquals(
        7,
        run(
            "b=/bin/busybox; $b rm -r /old && $b mkdir /old && $b test ! -e /old/inner"
                + " && $b mkdir -p /x/y && $b touch /x/y/z && $b chmod 0 /x/y /x && exit 7"));
    assertTrue(Files.exists(root.resolve("old/inner/file")), "the root itself is as it was");
    assertArrayEquals(new String[0], containers.toFile().list(), "nothing is left");
  }

  @Test
  void nothingIsLeftOfALaunchThatFails() {
    try (PreparedLaunch launch =
            engine()
                .prepare(
                    new Order(
                        new Workload.Directory(at("root"), List.of(UnixPath.of("/bin/none"))),
                        UnixPath.of("untrusted"),
                        Adjustments.NONE),
                    Mode.SPAWNED);
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      assertThrows(RunningSandbox.LaunchFailed.class, sandbox::waitFor);
    }
    assertArrayEquals(new String[0], containers.toFile().list());
  }

  @Test
  void whatAKilledKeeperLeftGoesAtTheNextStart() throws IOException {
    Files.createDirectories(containers.resolve("4711/upper/d"));
    try (PreparedLaunch running = prepare("echo ready; exec /bin/busybox sleep 1000");
        RunningSandbox sandbox = running.spawn(Streams.INHERITED)) {
      String[] kept = {Integer.toString(sandbox.pid())};
      // the keeper makes its directory before the sandbox exists, and the sandbox reports at its
      // end
      while (!Files.exists(containers.resolve(kept[0]).resolve("upper"))) {
        Thread.onSpinWait();
      }
      engine();
      assertArrayEquals(kept, containers.toFile().list(), "another's is locked");
    }
    assertArrayEquals(new String[0], containers.toFile().list());
  }

  @Test
  void theUserIsToldWhatTheKernelLacks() {
    try (PreparedLaunch launch = prepare("exit 0")) {
      assertTrue(
          launch.notes().stream().anyMatch(note -> note.contains("Linux 6.6")),
          launch.notes().toString());
    }
  }
}
