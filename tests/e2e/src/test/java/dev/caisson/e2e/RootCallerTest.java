package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sandbox of root's may write to, and as whom. */
class RootCallerTest {
  private static final String OWNER = "54321";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void directoryOfAnotherUser() throws IOException {
    Scratch.onlyAsRoot(true);
    scratch = Scratch.in(temporary);
    scratch.file("roots", "root\n");
    scratch.file("own", "own\n");
    chown("own");
    chown(".");
  }

  @Test
  void theOwnerOnDiskIsTheProgramsUser() {
    Outcome outcome =
        scratch
            .wrap(
                List.of("--rw"),
                "sh",
                "-c",
                "stat -c '%u %g %n' . own roots; echo new >> own; mkdir d; echo x > d/f; rm own")
            .run()
            .expect(0);
    assertEquals("0 0 .\n0 0 own\n65534 65534 roots\n", outcome.text());
    assertEquals(OWNER + " " + OWNER + "\n", onDisk("%u %g", "d/f"));
    scratch
        .wrap(List.of("--rw", "-u", "33:34"), "sh", "-c", "test $(stat -c %u d) = 33; rm -r d")
        .run()
        .expect(0);
  }

  @Test
  void rootsFilesAreNotItsOwn() throws IOException {
    Files.setPosixFilePermissions(
        scratch.path("roots"), PosixFilePermissions.fromString("rw-------"));
    for (String attack :
        List.of("echo x > roots", "cat roots", "chmod 777 roots", "chown 0 roots", "ln roots r")) {
      Outcome outcome = scratch.wrap(List.of("--rw"), "sh", "-c", attack).run();
      assertTrue(outcome.status() != 0 && outcome.status() != 125, outcome::toString);
    }
    assertEquals("root\n", Files.readString(scratch.path("roots")));
    // the same as the owner of the file succeeds
    chown("roots");
    assertEquals("root\n", scratch.wrap(List.of("--rw"), "cat", "roots").run().expect(0).text());
  }

  @Test
  void aSetuidProgramThatItLeavesIsNotRoots() {
    String leave = "cp /bin/true left; chmod 6755 left; stat -c '%a %u' left";
    assertEquals(
        "6755 0\n", scratch.wrap(List.of("--rw"), "sh", "-c", leave).run().expect(0).text());
    // it looks like root's inside, and would be, had the directory been root's
    assertEquals("6755 " + OWNER + " " + OWNER + "\n", onDisk("%a %u %g", "left"));
    for (String owner : List.of("0:" + OWNER, OWNER + ":0")) {
      scratch.host("chown", owner, ".").run().expect(0);
      Outcome refused = scratch.wrap(List.of("--rw"), "sh", "-c", leave).run().expect(125);
      assertTrue(refused.error().contains("setuid program left there would be root's"));
    }
  }

  @Test
  void whatIsProtectedStaysSo() throws IOException {
    Files.createDirectories(scratch.path(".git/hooks"));
    chown(".git");
    chown(".git/hooks");
    Outcome outcome =
        scratch.wrap(List.of("--rw"), "sh", "-c", "echo x > .git/hooks/pre-commit").run();
    assertTrue(outcome.expect(2).error().contains("Read-only file system"), outcome::error);
    Outcome moved = scratch.wrap(List.of("--rw"), "mv", ".git", "away").run();
    assertTrue(moved.expect(1).error().contains("busy"), moved::error);
    scratch
        .wrap(List.of("--rw", "--allow-write", ".git/hooks"), "touch", ".git/hooks/pre-commit")
        .run()
        .expect(0);
  }

  @Test
  void anOverlayShowsTheOwnersFilesAndKeepsWhatIsWritten() throws IOException {
    // a policy in a directory of another user's is none to trust
    scratch.host("chown", "0:0", ".").run().expect(0);
    Files.createDirectory(scratch.path("tree"));
    scratch.file("tree/own", "own\n");
    chown("tree");
    chown("tree/own");
    String policy =
        scratch.policy(
            "\"filesystem\": {\"/o\": {\"bind\": \""
                + scratch.path("tree")
                + "\", \"access\": \"overlay\"}}");
    Outcome outcome =
        scratch
            .wrap(
                List.of("--policy", policy, "-w", "/o"),
                "sh",
                "-c",
                "stat -c %u own; echo new > own; cat own; chmod 4755 own; mkdir d; ls")
            .run();
    assertEquals("0\nnew\nd\nown\n", outcome.expect(0).text());
    assertEquals("own\n", Files.readString(scratch.path("tree/own")));
    assertEquals("644 " + OWNER + "\n", onDisk("%a %u", "tree/own"));
  }

  @Test
  void aFileSystemWhoseIdsCannotBeMappedIsRefused() {
    // overlayfs is one; the sandbox of a test cannot mount it, unshare(1) of root's can
    String script =
        "mkdir low up work over && mount -t overlay none over -o lowerdir=low,upperdir=up,workdir=work"
            + " && chown "
            + OWNER
            + ":"
            + OWNER
            + " over && cd over && '"
            + Caisson.distribution()
            + "/bin/caisson' wrap --rw -- true";
    Outcome outcome = scratch.host("unshare", "--mount", "sh", "-c", script).run().expect(125);
    assertTrue(outcome.error().contains("cannot be mapped"), outcome::error);
    assertTrue(outcome.error().contains("run as the user whose it is"), outcome::error);
  }

  private void chown(String name) {
    scratch.host("chown", OWNER + ":" + OWNER, name).run().expect(0);
  }

  private String onDisk(String format, String name) {
    return scratch.host("stat", "-c", format, name).run().expect(0).text();
  }
}
