package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binds of all kinds of files, at all kinds of places, and the device guard over them. */
class BindTest {
  /** Reads and writes a file, and opens two devices, in a bind and in what is mounted below it. */
  private static final String TRY =
      "for d in /m /m/sub; do cat $d/f; for n in disk zero; do test -e $d/$n && : < $d/$n"
          + " && echo opened $d/$n; done; echo new > $d/f && echo wrote $d; done; true";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  @Test
  void namesAreBytes() {
    String script =
        "name=$(printf 'a b \\303\\251 \\377x'); mkdir \"$name\" && echo hi > \"$name/f\" && mkdir w"
            + " && up=$PWD && cd w"
            + " && caisson wrap --ro-bind \"$up/$name\" --ro-bind \"$up/$name/f:/tmp/$name\" -- sh -c 'cat \"$1/f\" \"/tmp/$2\"' x \"$up/$name\" \"$name\""
            + " && cd \"../$name\" && caisson wrap -- sh -c 'cat f; ! echo x > f'";
    assertEquals("hi\nhi\nhi\n", scratch.shell(script).run().expect(0).text());
  }

  @Test
  void aFileIsBoundAsItself() throws IOException {
    scratch.file("f", "host\n");
    Scratch.onlyAsRoot(false);
    scratch
        .caisson("wrap", "--bind", "f:/tmp/f", "--", "sh", "-c", "cat /tmp/f; echo new >> /tmp/f")
        .run()
        .expect(0);
    assertEquals("host\nnew\n", Files.readString(scratch.path("f")));
    Outcome gone = scratch.caisson("wrap", "--bind", "f:/tmp/f", "--", "rm", "/tmp/f").run();
    assertTrue(gone.expect(1).error().contains("busy"), gone::error);
  }

  /** Links of an image lead within it, wherever they say. */
  @Test
  void aPlaceBehindALinkIsInTheRoot() throws IOException {
    Scratch.onlyAsRoot(false);
    Path root = Layouts.busyboxRoot(Files.createDirectory(scratch.path("root")));
    Files.createDirectory(root.resolve("real"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("real"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("../../../.." + scratch.directory()));
    Files.createSymbolicLink(root.resolve("nowhere"), Path.of("/none/such"));
    scratch.file("f", "host\n");
    assertEquals("host\n", bound(root, "/link/x", "/real/x").expect(0).text());
    Outcome outside = bound(root, "/out/x", "/out/x").expect(125);
    assertTrue(outside.error().contains("link to nowhere"), outside::error);
    assertFalse(Files.exists(scratch.path("x")));
    Outcome nowhere = bound(root, "/nowhere", "/nowhere").expect(125);
    assertTrue(nowhere.error().contains("link to nowhere"), nowhere::error);
  }

  private Outcome bound(Path root, String place, String read) {
    return scratch
        .caisson("run", "--rootfs", root.toString(), "--ro-bind", "f:" + place, "/bin/cat", read)
        .run();
  }

  @Test
  void whatIsMountedBelowIsReadOnlyToo() {
    Scratch.onlyAsRoot(true);
    Outcome outcome = mounted("--ro-bind").expect(0);
    assertEquals("deep\ndeep\n", outcome.text());
    assertEquals(2, count(outcome, "Read-only file system"), outcome::error);
    assertEquals(4, count(outcome, "Permission denied"), outcome::error);
  }

  @Test
  void whatIsMountedBelowOpensNoDeviceWhereItIsWritable() {
    Scratch.onlyAsRoot(true);
    Outcome outcome = mounted("--bind").expect(0);
    assertEquals("deep\nwrote /m\ndeep\nwrote /m/sub\n", outcome.text());
    assertEquals(4, count(outcome, "Permission denied"), outcome::error);
  }

  @Test
  void withoutASandboxTheDevicesOpen() {
    Scratch.onlyAsRoot(true);
    Outcome outcome = inMounts(TRY.replace("/m/sub /m", "/m").replace("/m", "$PWD/tree"));
    assertTrue(outcome.text().contains("tree/zero\n"), outcome::toString);
    assertTrue(outcome.text().contains("tree/sub/zero\n"), outcome::toString);
  }

  @Test
  void anOverlayOfWhatHasMountsBelowIsRefused() throws IOException {
    Scratch.onlyAsRoot(true);
    String policy =
        scratch.policy(
            "\"filesystem\": {\"/m\": {\"bind\": \""
                + scratch.path("tree")
                + "\", \"access\": \"overlay\"}}");
    Outcome outcome = inMounts("caisson wrap --policy '" + policy + "' -- true").expect(125);
    assertTrue(outcome.error().contains("something is mounted below it"), outcome::error);
  }

  /** A file system of another process, which says that it holds devices. */
  @Test
  void aFuseMountIsShownWithoutItsDevices() {
    Scratch.onlyAsRoot(true);
    Peer.need("fuse-overlayfs");
    String script =
        "mkdir low up wk fm && echo deep > low/f && mknod -m 666 low/disk b 7 0"
            + " && mknod -m 666 low/zero c 1 5"
            + " && fuse-overlayfs -o lowerdir=low,upperdir=up,workdir=wk,allow_other,dev fm"
            + " && { (: < fm/zero) && echo outside; caisson wrap --ro-bind $PWD/fm:/m -- bash -c '"
            + TRY.replace(" /m/sub", "")
            + "'; chown -R 54321:54321 fm/f fm; caisson wrap --bind $PWD/fm:/m -- true; echo $?;"
            + " umount fm; }";
    Outcome outcome = inMountNamespace(script).expect(0);
    assertEquals("outside\ndeep\n125\n", outcome.text(), outcome::toString);
    assertEquals(2, count(outcome, "Permission denied"), outcome::error);
    assertTrue(outcome.error().contains("as of FUSE"), outcome::error);
  }

  private Outcome mounted(String flag) {
    return inMounts("caisson wrap " + flag + " $PWD/tree:/m -- bash -c '" + TRY + "'");
  }

  /** With a tree that another user owns, and a tmpfs below it, both with devices. */
  private Outcome inMounts(String script) {
    return inMountNamespace(
        "mkdir -p tree/sub && mount -t tmpfs -o mode=755 t tree/sub && for d in tree tree/sub; do"
            + " echo deep > $d/f; mknod -m 666 $d/disk b 7 0; mknod -m 666 $d/zero c 1 5; done;"
            + " chown -R 54321:54321 tree; "
            + script);
  }

  private Outcome inMountNamespace(String script) {
    return scratch.shell(script).through(java.util.List.of("unshare", "--mount")).run();
  }

  private static int count(Outcome outcome, String said) {
    return outcome.error().split(said, -1).length - 1;
  }
}
