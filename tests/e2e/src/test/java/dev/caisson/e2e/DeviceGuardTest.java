package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No block device and no character device but the listed ones can be opened. */
class DeviceGuardTest {
  private static final String LIST =
      "cd /dev; for f in * */*; do if test -c $f || test -b $f; then echo $f; fi; done";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  @Test
  void nothingElseIsInDev() {
    Outcome outcome = scratch.caisson("wrap", "--", "sh", "-c", LIST).run();
    assertEquals(
        "full\nnull\nptmx\nrandom\ntty\nurandom\nzero\npts/ptmx\n", outcome.expect(0).text());
  }

  @Test
  void theListedOnesWork() {
    String use = "head -c 9 /dev/zero | wc -c; head -c 9 /dev/urandom | wc -c; echo x > /dev/null";
    assertEquals("9\n9\n", scratch.caisson("wrap", "--", "sh", "-c", use).run().expect(0).text());
    String full = "echo x > /dev/full || echo full";
    assertEquals("full\n", scratch.caisson("wrap", "--", "sh", "-c", full).run().text());
  }

  /** They are the host's: a node that everyone may write to takes new times from everyone. */
  @Test
  void theirNodesStayAsTheyAre() throws IOException {
    String touch = "touch -d 2001-02-03 /dev/null || touch /dev/null; stat -c %y /dev/null";
    String before = Files.getLastModifiedTime(Path.of("/dev/null")).toString();
    Outcome outcome = scratch.caisson("wrap", "--", "sh", "-c", touch).run().expect(0);
    assertTrue(outcome.error().contains("Read-only file system"), outcome::toString);
    assertEquals(before, Files.getLastModifiedTime(Path.of("/dev/null")).toString());
    scratch.host("touch", "/dev/null").run().expect(0);
    assertNotEquals(before, Files.getLastModifiedTime(Path.of("/dev/null")).toString());
  }

  @Test
  void aDeviceIsNotBound() {
    Outcome outcome = scratch.caisson("wrap", "--ro-bind", "/dev/null:/x", "--", "true").run();
    assertTrue(outcome.expect(125).error().contains("a device, socket or FIFO"), outcome::toString);
  }

  /** The same node opens through the sandbox's own /dev: only the bind's nodev is in the way. */
  @Test
  void aBoundDirectoryOfDevicesOpensNone() throws IOException {
    String policy =
        scratch.policy("\"filesystem\": {\"/mnt/dev\": {\"bind\": \"/dev\", \"system\": true}}");
    String attack =
        "test -c /mnt/dev/zero && head -c 1 /dev/zero | wc -c && head -c 1 /mnt/dev/zero";
    Outcome outcome = scratch.caisson("wrap", "--policy", policy, "--", "sh", "-c", attack).run();
    assertEquals("1\n", outcome.expect(1).text());
    assertTrue(outcome.error().contains("Permission denied"), outcome::toString);
  }

  @Test
  void noBindShowsTheKernelsOwnFiles() {
    Outcome proc = scratch.caisson("wrap", "--ro-bind", "/proc:/x", "--", "true").run();
    assertTrue(proc.expect(125).error().contains("never shown inside"), proc::toString);
    String list = "ls -A /x/proc /x/sys/firmware /x/sys/fs/cgroup; test -d /x/sys/devices && echo";
    Outcome whole = scratch.caisson("wrap", "--ro-bind", "/:/x", "--", "sh", "-c", list).run();
    for (String line : whole.expect(0).text().lines().toList()) {
      assertTrue(line.isEmpty() || line.endsWith(":"), whole::toString);
    }
  }

  @Test
  void nodesInADirectoryOpenNone() {
    Scratch.onlyAsRoot(true);
    scratch
        .shell("mknod -m 666 disk b 7 0; mknod -m 666 zero c 1 5; mknod -m 666 kmsg c 1 11")
        .run()
        .expect(0);
    String open = "for n in disk zero kmsg; do : < $n && echo opened $n; done; true";
    Outcome outside = scratch.shell(open).run().expect(0);
    assertTrue(outside.text().contains("opened zero\n"), outside::toString);
    Outcome inside = scratch.caisson("wrap", "--", "bash", "-c", open).run().expect(0);
    assertEquals("", inside.text());
    assertEquals(3, inside.error().split("Permission denied", -1).length - 1, inside::toString);
  }
}
