package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A launch that this host or place refuses says what was done, why it failed and what to do. */
class FailedLaunchTest {
  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  private static void assertSays(Outcome outcome, String... parts) {
    outcome.expect(125);
    assertEquals("", outcome.text());
    for (String part : parts) {
      assertTrue(outcome.error().contains(part), outcome::toString);
    }
  }

  @Test
  void whereUserNamespacesAreUsedUp() {
    assertSays(
        scratch
            .shell(
                "unshare -U -c --keep-caps sh -c 'echo 0 >"
                    + " /proc/sys/user/max_user_namespaces; exec \"$0\" wrap -- true' '"
                    + Caisson.distribution()
                    + "/bin/caisson'")
            .run(),
        "cannot create the sandbox's namespaces",
        "ENOSPC",
        "sysctl -w user.max_user_namespaces");
  }

  @Test
  void withFewDescriptors() {
    assertSays(
        scratch.shell("ulimit -n 64; caisson wrap -- true").run(),
        "cannot mount a staging tmpfs: EBADF",
        "ulimit -n 256");
  }

  @Test
  void withMorePlacesThanAProgramHolds() throws IOException {
    StringBuilder places = new StringBuilder();
    for (int i = 0; i <= 1000; i++) {
      places.append(i == 0 ? "" : ", ").append("\"/tmp/").append(i).append("\": {\"text\": \"\"}");
    }
    String policy = scratch.policy("\"filesystem\": {" + places + "}");

    assertSays(
        scratch.wrap(List.of("--policy", policy), "true").run(),
        "a launch places at most 1000",
        "Bind a directory");
  }

  @Test
  void inAnotherSandbox() {
    assertSays(
        scratch
            .caisson(
                "wrap",
                "--ro-bind",
                Caisson.distribution().toString(),
                "--",
                "env",
                "XDG_DATA_HOME=/tmp/data",
                "XDG_STATE_HOME=/tmp/state",
                "XDG_CACHE_HOME=/tmp/cache",
                Caisson.distribution() + "/bin/caisson",
                "wrap",
                "--",
                "true")
            .run(),
        "cannot make a file in memory for the launch program: ENOSYS",
        "The seccomp filter of an outer container or sandbox");
  }

  @Test
  void whereTheProcOfTheOuterContainerIsMasked() {
    Scratch.onlyAsRoot(false);
    assertSays(
        scratch
            .shell(
                "unshare -U -c --keep-caps -m -p -f sh -c 'mount -t proc proc /proc && mount -t tmpfs tmpfs"
                    + " /proc/fs && exec \"$0\" wrap -- true' '"
                    + Caisson.distribution()
                    + "/bin/caisson'")
            .run(),
        "cannot mount /proc: EPERM",
        "masked",
        "\"proc\": \"none\"");
  }

  @Test
  void whereTheWorkingDirectoryDoesNotExist() throws IOException {
    assertSays(
        scratch
            .caisson(
                "wrap",
                "--policy",
                scratch.policy("\"process\": {\"cwd\": \"/no/such\"}"),
                "--",
                "/bin/true")
            .run(),
        "cannot enter the working directory /no/such: ENOENT",
        "does not exist inside");
  }
}
