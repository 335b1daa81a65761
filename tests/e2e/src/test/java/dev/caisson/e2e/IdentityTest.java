package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom programs run, and whose the files are that they write. */
class IdentityTest {
  private static final String IDS = "echo $(id -u) $(id -g)";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  @Test
  void aFlagSaysTheUser() {
    assertEquals("33 34\n", ids("--user", "33:34"));
    assertEquals("7 7\n", ids("-u", "7"));
    assertEquals("0 0\n", ids("-u", "root"));
    assertEquals("33 33\n", ids("-u", "www-data"));
    assertEquals("33 4\n", ids("-u", "www-data:adm"));
    Outcome unknown = scratch.wrap(List.of("-u", "nobody-here"), "true").run().expect(125);
    assertTrue(unknown.error().contains("does not name nobody-here"), unknown::error);
    Outcome group = scratch.wrap(List.of("-u", "0:no-group"), "true").run().expect(125);
    assertTrue(group.error().contains("/etc/group does not name no-group"), group::error);
  }

  @Test
  void withOneIdEveryUserIsTheCaller() {
    Scratch.onlyAsRoot(false);
    Outcome outcome =
        scratch
            .wrap(List.of("-u", "33", "--userns", "single", "--rw"), "touch", "made")
            .run()
            .expect(0);
    assertFalse(outcome.error().contains("caisson: cannot"), outcome::error);
    assertEquals(
        scratch.host("id", "-u").run().text(),
        scratch.host("stat", "-c", "%u", "made").run().text());
  }

  @Test
  void anImagesUserIsLookedUpInItsOwnFiles() throws IOException {
    Path layout = Layouts.busybox(temporary);
    Signing signing = signing();
    Layouts.add(layout, new Tar().file("etc/passwd", "web:x:33:34::/:/bin/sh\n"));
    for (String[] each :
        new String[][] {
          {"web", "33 34"}, {"33", "33 34"}, {"web:root", "33 0"}, {"5:6", "5 6"}, {"root", "0 0"}
        }) {
      assertEquals(each[1] + "\n", runAs(signing, layout, each[0]).expect(0).text(), each[0]);
    }
    // a flag has the last word
    assertEquals(
        "0 0\n",
        signing
            .command(
                "run", "-u", "0", "--key", "team.pub", "oci:" + layout + ":latest", "sh", "-c", IDS)
            .run()
            .expect(0)
            .text());
    Outcome unknown = runAs(signing, layout, "ghost").expect(125);
    assertTrue(unknown.error().contains("does not name ghost"), unknown::error);
    Layouts.add(layout, new Tar().file("etc/.wh.passwd", ""));
    Outcome taken = runAs(signing, layout, "web").expect(125);
    assertTrue(taken.error().contains("does not name web"), taken::error);
  }

  @Test
  void aUserIsNotLookedUpBehindALink() throws IOException {
    Path layout = Layouts.busybox(temporary);
    Path tree = Files.createDirectories(temporary.resolve("tree/etc"));
    Files.createSymbolicLink(tree.resolve("passwd"), Path.of("/etc/passwd"));
    Layouts.insert(layout, temporary.resolve("tree"));
    Outcome outcome = runAs(signing(), layout, "daemon").expect(125);
    assertTrue(outcome.error().contains("lies behind a link"), outcome::error);
    Path root = Layouts.busyboxRoot(Files.createDirectory(temporary.resolve("root")));
    Files.delete(root.resolve("etc/passwd"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/etc/passwd"));
    Outcome ofDirectory =
        scratch.caisson("run", "-u", "daemon", "--rootfs", root.toString(), "true").run();
    assertTrue(ofDirectory.expect(125).error().contains("lies behind a link"));
  }

  /** As in a container with a uid of its own, or where a directory service knows the users. */
  @Test
  void aCallerWhomPasswdDoesNotNameHasTheHomeOfTheEnvironment() throws IOException {
    Scratch.onlyAsRoot(true);
    Path home = Files.createDirectory(temporary.resolve("home-of-nobody"));
    Command.of("chown", "54321:54321", home.toString()).run().expect(0);
    Path distribution = temporary.resolve("distribution");
    Command.of("cp", "-r", Caisson.distribution().toString(), distribution.toString())
        .run()
        .expect(0);
    Command.of("chmod", "a+rx", temporary.toString()).run().expect(0);
    String run =
        "cd /usr && exec setpriv --reuid 54321 --regid 54321 --clear-groups env -i PATH=/usr/bin:/bin"
            + " HOME="
            + home
            + " "
            + distribution
            + "/bin/caisson wrap -- sh -c 'echo $HOME'";
    assertEquals(home + "\n", scratch.host("sh", "-c", run).run().expect(0).text());
    assertTrue(Files.isDirectory(home.resolve(".local/share/caisson")));
  }

  @Test
  void inARangeAUserIsAnotherThanTheCaller() throws IOException {
    needRange();
    Files.setPosixFilePermissions(
        scratch.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> other = List.of("-u", "33", "--userns", "range", "--rw");
    assertEquals(
        "33 33\n",
        scratch
            .wrap(other, "sh", "-c", IDS + "; mkdir made; echo x > made/file")
            .run()
            .expect(0)
            .text());
    // what it made is neither its own nor the caller's to remove
    scratch.file("kept", "x");
    scratch.wrap(other, "sh", "-c", "echo y > kept").run().expect(2);
    assertFalse(scratch.host("rm", "-r", "made").run().status() == 0);
    List<String> unshare = List.of("--policy", "unshare", "--rw");
    assertEquals(
        "33 made/file\n",
        scratch.wrap(unshare, "stat", "-c", "%u %n", "made/file").run().expect(0).text());
    scratch.wrap(unshare, "rm", "-r", "made").run().expect(0);
    assertFalse(Files.exists(scratch.path("made")));
    scratch.wrap(unshare, "sh", "-c", "mkdir new && chown 7:8 new && rmdir new").run().expect(0);
  }

  @Test
  void aUserOfARangeGetsItsSignals() throws IOException {
    needRange();
    String loop = "trap \"echo term; exit 3\" TERM; echo up; while :; do sleep 0.1; done";
    Outcome ended =
        scratch
            .shell(
                Caisson.distribution()
                    + "/bin/caisson wrap -u 33 --userns range -- sh -c '"
                    + loop
                    + "' > out & keeper=$!; until grep -q up out 2> /dev/null; do sleep 0.1; done;"
                    + " kill $keeper; wait $keeper; echo $?; cat out")
            .run();
    assertEquals("3\nup\nterm\n", ended.text(), ended::toString);
  }

  private void needRange() {
    Scratch.onlyAsRoot(false);
    Outcome doctor = scratch.caisson("doctor").run();
    Peer.need(
        doctor.text().contains("newuidmap and a range are there"),
        "the user has no subordinate ids");
  }

  private String ids(String... flags) {
    return scratch.wrap(List.of(flags), "sh", "-c", IDS).run().expect(0).text();
  }

  private Signing signing() throws IOException {
    Signing signing =
        new Signing(Caisson.withHome(Files.createDirectory(temporary.resolve("keys"))), temporary);
    signing.keygen("team");
    return signing;
  }

  private static Outcome runAs(Signing signing, Path layout, String user) {
    Command.of("umoci", "config", "--image", layout + ":latest", "--config.user", user)
        .run()
        .expect(0);
    signing.sign("team", layout + ":latest");
    return signing.run("team", layout + ":latest", "/bin/sh", "-c", IDS);
  }
}
