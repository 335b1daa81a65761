package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wrapped command sees of the host, and who it is. */
class WrapViewTest {
  @TempDir private Path scratch;
  private Scratch project;

  @BeforeEach
  void project() throws IOException {
    project = Scratch.in(scratch);
    project.file("file", "text\n");
  }

  @Test
  void thePayloadHasNoCapabilityNoNewPrivilegesAndAFilter() {
    Outcome outcome =
        project
            .wrap("sh", "-c", "grep -E '^(Cap|NoNewPrivs|Seccomp):?' /proc/self/status")
            .run()
            .expect(0);
    String none = "0000000000000000";
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      assertTrue(outcome.text().contains(set + ":\t" + none + "\n"), outcome::toString);
    }
    assertTrue(outcome.text().contains("NoNewPrivs:\t1\n"), outcome::toString);
    assertTrue(outcome.text().contains("Seccomp:\t2\n"), outcome::toString);
  }

  /** Empty files are no part of a tmpfs's size, but take the kernel's memory. */
  @Test
  void emptyFilesAreLimitedWithTheSizeOfATmpfs() {
    String fill =
        "cd /dev/shm; seq 30000 | xargs touch 2>/dev/shm/error; ls | wc -l; stat -fc %c .";
    List<String> found = project.wrap("sh", "-c", fill).run().expect(0).text().lines().toList();
    assertEquals("17408", found.get(1));
    assertTrue(Integer.parseInt(found.get(0)) < 17408, found::toString);
    Outcome temporary = project.wrap("stat", "-fc", "%c", "/tmp").run().expect(0);
    assertEquals("263168\n", temporary.text());
  }

  @Test
  void onlyTheListedDevicesAreThere() {
    Outcome outcome = project.wrap("ls", "/dev").run().expect(0);
    assertEquals(
        List.of(
            "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin",
            "stdout", "tty", "urandom", "zero"),
        outcome.text().lines().toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/x", "/x", "/usr/x", "/opt/x", "file", "x", "/dev/x", "/proc/sys/x"})
  void whatTheViewShowsCannotBeWritten(String path) {
    Outcome outcome = project.wrap("touch", path).run().expect(1);
    assertTrue(
        outcome.error().contains("Read-only file system")
            || outcome.error().contains("Permission denied")
            || outcome.error().contains("No such file or directory"),
        outcome::toString);
    assertFalse(Files.exists(project.directory().resolve("x")));
  }

  @Test
  void theHomeAndTheTemporaryDirectoriesAreEmptyWritableAndSized() {
    String home = System.getProperty("user.home");
    for (String place : List.of(home, "/run", "/var", "/tmp", "/var/tmp")) {
      Outcome outcome =
          project
              .wrap(
                  "sh",
                  "-c",
                  "cp /usr/bin/env \"$1/env\" && \"$1/env\" true && df -B1 --output=size \"$1\"",
                  "sh",
                  place)
              .run()
              .expect(0);
      long bytes = Long.parseLong(outcome.text().lines().skip(1).findFirst().orElse("").strip());
      assertEquals(place.equals("/var/tmp") ? 64L << 20 : 1L << 30, bytes, place);
    }
  }

  @Test
  void whatIdentifiesTheHostIsSynthesizedOrAbsent() {
    Outcome outcome =
        project
            .wrap(
                "sh",
                "-c",
                "id -un; cat /etc/hostname /etc/resolv.conf; wc -l </etc/passwd; readlink /etc/mtab;"
                    + " cat /etc/nsswitch.conf; ls -d /etc/machine-id /etc/shadow /etc/ssh"
                    + " /etc/sudoers /etc/apt /etc/npmrc /etc/pip.conf /usr/etc/* /usr/local/etc/*"
                    + " /sys/* /boot /mnt /srv 2>/dev/null")
            .run();
    String user = System.getProperty("user.name");
    assertEquals(
        user
            + "\ncaisson\n3\n/proc/self/mounts\npasswd: files\ngroup: files\nshadow: files\n"
            + "hosts: files dns\nservices: files\nprotocols: files\n",
        outcome.text());
  }

  @Test
  void theEnvironmentHoldsWhatIsListedAndNothingElse() {
    Outcome outcome =
        project
            .wrap("env")
            .with("PATH", "/usr/bin:/bin:" + System.getenv("PATH"))
            .with("LC_TIME", "C")
            .with("NO_COLOR", "1")
            .with("TMPDIR", "/somewhere")
            .with("XDG_RUNTIME_DIR", "/nonexistent")
            .with("SSH_AUTH_SOCK", "/somewhere/agent")
            .with("JAVA_HOME_21", "/x")
            .without("LANG")
            .without("LC_ALL")
            .run()
            .expect(0);
    List<String> names =
        outcome.text().lines().map(line -> line.substring(0, line.indexOf('='))).toList();
    List<String> allowed =
        List.of("PATH", "LANG", "TERM", "TZ", "NO_COLOR", "USER", "LOGNAME", "SHELL", "HOME");
    for (String name : names) {
      assertTrue(
          allowed.contains(name) || name.startsWith("LC_") || name.startsWith("GIT_CONFIG_"), name);
    }
    assertTrue(outcome.text().contains("LANG=C.UTF-8\n"), outcome::toString);
    assertTrue(outcome.text().contains("LC_TIME=C\n"), outcome::toString);
    assertTrue(
        outcome.text().contains("HOME=" + System.getProperty("user.home") + "\n"),
        outcome::toString);
  }

  @Test
  void theCurrentDirectoryIsAtItsOwnPlaceAndShowsTheHostsEdits() throws IOException {
    assertEquals(
        project.directory() + "\nfile\n", project.wrap("sh", "-c", "pwd; ls").run().text());
    project.file("later", "");
    assertEquals("file\nlater\n", project.wrap("ls").run().expect(0).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/etc", "/run", "/var", "/var/tmp", "/proc", "/sys", "/dev", "/tmp", "~"})
  void directoriesThatShowWhatTheViewHidesAreRefused(String directory) {
    Path place = Path.of(directory.equals("~") ? System.getProperty("user.home") : directory);
    Outcome outcome = project.wrap("true").in(place).run().expect(125);
    assertTrue(outcome.error().contains("the current directory is shown inside"), outcome::error);
  }

  @Test
  void ownPlacesAreNeverWritable() throws IOException {
    Path share = Files.createDirectory(scratch.resolve("share"));
    Path data = Files.createDirectory(share.resolve("caisson"));
    Outcome outcome =
        project
            .wrap(List.of("--rw"), "true")
            .with("XDG_DATA_HOME", share.toString())
            .in(share)
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("Caisson's own " + data), outcome::error);
  }

  @Test
  void explainSaysWhyAFileIsThereOrNot() throws IOException {
    Path hidden = Files.writeString(scratch.resolve("hidden"), "");
    assertWhy(hidden.toString(), " is absent: ", "--ro-bind " + hidden);
    assertWhy("/etc/shadow", " is absent: ", "--ro-bind /etc/shadow");
    assertWhy("/etc/nothing-here", " is absent: ", "host has nothing there");
    assertWhy("/dev/tty0", " is absent: ", "only files and directories can be shown");
    assertWhy("/etc/hosts", " is a file with a text that the policy gives", "");
    assertWhy("/etc/services", " is a copy of the host's ", "");
    assertWhy("/usr/bin/env", " is the host's, read-only", "");
    assertWhy("file", " is the host's, read-only", "work is shown at");
    assertWhy("/proc/kcore", " is empty inside", "masks /proc/kcore");
  }

  private void assertWhy(String path, String what, String remedy) {
    Outcome outcome =
        project.caisson("explain", "--why", path, "wrap", "--", "true").run().expect(0);
    assertTrue(outcome.text().contains(what), outcome::toString);
    assertTrue(outcome.text().contains(remedy), outcome::toString);
  }
}
