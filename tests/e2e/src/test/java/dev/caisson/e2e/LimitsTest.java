package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy limits is limited, or the launch is refused. */
class LimitsTest {
  private static final String EATER = "x = bytearray(256 << 20); print(len(x))";
  private static final String MEMORY = "\"limits\": {\"memory\": \"64MiB\"}";

  @TempDir private Path temporary;
  private Scratch scratch;
  private List<Path> before = List.of();

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
    before = allGroups();
  }

  private Outcome wrap(String settings, String... command) throws IOException {
    return scratch.wrap(List.of("--policy", scratch.policy(settings)), command).run();
  }

  /** Root may make groups anywhere; an ordinary user where they were delegated. */
  private boolean hasGroups() throws IOException {
    Outcome doctor = scratch.caisson("doctor").run();
    return doctor.text().lines().anyMatch(line -> line.matches("ok +control groups .*"));
  }

  @Test
  void memoryIsLimited() throws IOException {
    Peer.need("python3");
    assumeTrue(hasGroups(), "this user has no control groups here");
    assertEquals(
        "268435456\n", wrap("\"limits\": {}", "/usr/bin/python3", "-c", EATER).expect(0).text());

    Outcome outcome = wrap(MEMORY, "/usr/bin/python3", "-c", EATER).expect(137);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains("used up its memory"), outcome::toString);
    assertTrue(outcome.error().contains("67108864 bytes"), outcome::toString);
  }

  /** A file in a tmpfs is memory too. */
  @Test
  void memoryIsLimitedByWhatIsWrittenToIt() throws IOException {
    assumeTrue(hasGroups(), "this user has no control groups here");
    String policy = "\"filesystem\": {\"/tmp\": {\"tmpfs\": \"1GiB\"}}";
    String fill = "head -c 200M /dev/zero > /tmp/x; echo $?";
    assertEquals("0\n", wrap(policy, "sh", "-c", fill).expect(0).text());
    assertFalse(wrap(policy + ", " + MEMORY, "sh", "-c", fill).text().equals("0\n"));
  }

  @Test
  void processorsAreLimited() throws IOException {
    assumeTrue(hasGroups(), "this user has no control groups here");
    String spin =
        """
        import time
        end = time.monotonic() + 2
        while time.monotonic() < end:
            pass
        print(time.process_time())
        """;
    String policy = "\"limits\": {\"cpus\": 0.2, \"swap\": 0, \"memory\": \"256MiB\"}";
    Outcome outcome = wrap(policy, "/usr/bin/python3", "-c", spin).expect(0);
    // 0.4 seconds, and what one period gives at the start and the end
    assertTrue(Double.parseDouble(outcome.text()) < 0.6, outcome::toString);
  }

  @Test
  void aBombOfProcessesStopsAtTheLimit() throws IOException {
    Peer.need("python3");
    String bomb =
        """
        import os, sys
        made = 0
        try:
            while made < 500:
                if os.fork() == 0:
                    os.read(0, 1)
                    os._exit(0)
                made += 1
        except BlockingIOError:
            print("refused after", made)
        sys.stdout.flush()
        """;
    for (String limits : List.of("\"pids\": 32", "\"pids\": 32, \"memory\": \"512MiB\"")) {
      if (limits.contains("memory") && !hasGroups()) {
        continue;
      }
      Outcome outcome =
          wrap("\"limits\": {" + limits + "}", "/usr/bin/python3", "-c", bomb).expect(0);
      assertTrue(outcome.text().matches("refused after (2[0-9]|3[01])\n"), outcome::toString);
    }
  }

  @Test
  void thePayloadIsAtTheRootOfItsGroupAndSeesNoOther() throws IOException {
    assumeTrue(hasGroups(), "this user has no control groups here");
    Outcome outcome = wrap(MEMORY, "cat", "/proc/self/cgroup").expect(0);
    assertFalse(outcome.text().contains("caisson"), outcome::toString);
    assertTrue(
        outcome
            .text()
            .lines()
            .filter(line -> line.contains("memory") || line.startsWith("0:"))
            .allMatch(line -> line.endsWith(":/")),
        outcome::toString);
  }

  @Test
  void theGroupIsRemoved() throws IOException {
    assumeTrue(hasGroups() && Peer.isRoot(), "only root sees where groups are");
    wrap(MEMORY, "true").expect(0);
    assertEquals(List.of(), groups());
    // one that fails to start too
    wrap(MEMORY + ", \"process\": {\"cwd\": \"/no/such\"}", "true").expect(125);
    assertEquals(List.of(), groups());
  }

  @Test
  void whatAKilledKeeperLeavesIsRemovedByTheNextLaunch() throws IOException, InterruptedException {
    assumeTrue(hasGroups() && Peer.isRoot(), "only root sees where groups are");
    String policy = scratch.policy(MEMORY);
    Process keeper =
        scratch.wrap(List.of("--policy", policy), "sh", "-c", "echo up; read x").start();
    assertEquals('u', keeper.getInputStream().read());
    assertFalse(groups().isEmpty(), "a group while it runs");
    keeper.destroyForcibly().waitFor();
    wrap(MEMORY, "true").expect(0);
    assertEquals(List.of(), groups());
  }

  /** As root gives them to a user: the directories are the user's, and Caisson starts in them. */
  @Test
  void directoriesOfVersionOneThatAUserOwnsServe() throws IOException {
    Peer.need("setpriv", "python3");
    Scratch.onlyAsRoot(true);
    assumeTrue(
        Files.exists(Path.of("/sys/fs/cgroup/memory/cgroup.procs")), "no groups of version 1");
    Path shared = temporary.resolve("shared");
    scratch.host("cp", "-r", Caisson.distribution().toString(), shared.toString()).run().expect(0);
    String script =
        """
        set -e
        home=$(mktemp -d)
        chmod 711 "$PWD/.."
        for each in memory pids; do
          mkdir /sys/fs/cgroup/$each/of-nobody
          chown -R 65534 /sys/fs/cgroup/$each/of-nobody
        done
        chown -R 65534:65534 "$home"
        cd "$home"
        status=0
        sh -c 'for each in memory pids; do echo $$ > /sys/fs/cgroup/$each/of-nobody/cgroup.procs; done
          exec setpriv --reuid=65534 --regid=65534 --clear-groups env \
            XDG_DATA_HOME=$PWD/data XDG_STATE_HOME=$PWD/state XDG_CACHE_HOME=$PWD/cache "$@"' \
          - "$0"/bin/caisson wrap -m 64m -- python3 -c 'bytearray(256 << 20)' || status=$?
        rmdir /sys/fs/cgroup/memory/of-nobody /sys/fs/cgroup/pids/of-nobody
        rm -rf "$home"
        exit $status
        """;
    Outcome outcome = scratch.host("sh", "-c", script, shared.toString()).run().expect(137);
    assertTrue(outcome.error().contains("used up its memory"), outcome::toString);
  }

  /** The groups that were not there before the test. */
  private List<Path> groups() throws IOException {
    return allGroups().stream().filter(group -> !before.contains(group)).toList();
  }

  private static List<Path> allGroups() throws IOException {
    try (Stream<Path> files = Files.find(Path.of("/sys/fs/cgroup"), 9, LimitsTest::isGroup)) {
      return files.toList();
    }
  }

  private static boolean isGroup(Path path, java.nio.file.attribute.BasicFileAttributes found) {
    return found.isDirectory() && path.getFileName().toString().startsWith("caisson-");
  }

  @Test
  void whereNoGroupsAreMountedALaunchNeedsNone() {
    Scratch.onlyAsRoot(true);
    Outcome outcome =
        scratch
            .shell(
                "umount -R /sys/fs/cgroup; caisson doctor | grep 'control groups'; caisson wrap -- echo"
                    + " runs; caisson wrap -m 64m -- echo starts")
            .through(List.of("unshare", "--mount"))
            .run()
            .expect(125);
    assertTrue(outcome.text().startsWith("note "), outcome::toString);
    assertTrue(outcome.text().endsWith("\nruns\n"), outcome::toString);
    assertTrue(
        outcome.error().contains("no control groups are mounted on /sys/fs/cgroup"),
        outcome::toString);
    assertTrue(outcome.error().contains("mount -t cgroup2"), outcome::toString);
  }

  @Test
  void whereThereAreNoGroupsTheLaunchIsRefused() throws IOException {
    assumeTrue(!hasGroups(), "this user has control groups here");
    Outcome outcome = wrap(MEMORY, "true").expect(125);
    assertTrue(
        outcome.error().contains("limits.memory needs a control group, and "), outcome::toString);
    assertTrue(outcome.error().contains("list memory-limit"), outcome::toString);
  }

  @Test
  void explainShowsTheStepsWhereverItIs() throws IOException {
    String policy = scratch.policy(MEMORY);
    Outcome outcome = scratch.caisson("explain", "wrap", "--policy", policy, "true").run();
    assertTrue(
        outcome.expect(0).text().contains("# limit the sandbox's memory to 67108864 bytes\n"),
        outcome::toString);
    assertTrue(outcome.text().contains("# enter the control group\n"), outcome::toString);
    assertEquals(
        !hasGroups(),
        outcome.error().startsWith("caisson: a launch on this host is refused: "),
        outcome::toString);
  }

  @Test
  void withoutSuchALimitThereIsNoGroup() throws IOException {
    String policy = scratch.policy("\"limits\": {\"pids\": 99}");
    Outcome outcome = scratch.caisson("explain", "wrap", "--policy", policy, "true").run();
    assertFalse(outcome.expect(0).text().contains("control group"), outcome::toString);
  }
}
