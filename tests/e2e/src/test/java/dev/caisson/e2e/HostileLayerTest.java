package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer, signed by a trusted key, that reaches for the host. */
class HostileLayerTest {
  @TempDir private Path scratch;
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));
  private Path layout = Path.of("");
  private Store store = new Store(Path.of(""));

  @BeforeEach
  void image() throws IOException {
    Caisson caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
    signing = new Signing(caisson, scratch);
    store = Store.of(caisson);
    layout = Layouts.busybox(scratch);
    signing.keygen("team");
  }

  @Test
  void allOfItIsNamedAndNothingTakesEffect() throws IOException {
    Path canary = Files.createDirectory(scratch.resolve("canary"));
    long links = links("/etc/passwd");
    layer(
        new Tar()
            .blockDevice("dev/sda", 8, 0)
            .file("../../escape", "out")
            .symlink("trap", canary.toString())
            .file("trap/written", "out")
            .hardLink("stolen", "/etc/passwd")
            .hardLink("stolen2", "../../../../../../../../../etc/passwd"));
    Outcome outcome = signing.run("team", layout + ":latest", "/bin/true").expect(125);
    for (String named :
        List.of(
            "dev/sda: the block device 8:0 is left out",
            "the name ../../escape leads out through ..",
            "trap: what lies behind this link to " + canary + " is put beneath the image's root",
            // its own /etc/passwd is what an absolute name means in the image
            "../../../../../../../../../etc/passwd leads out through ..")) {
      assertTrue(outcome.error().contains(named), outcome::error);
    }
    assertEquals(1, outcome.error().lines().count(), outcome::error);
    store.assertEmpty();
    assertEquals(links, links("/etc/passwd"));
    assertEmpty(canary);
    try (Stream<Path> all = Files.walk(scratch)) {
      assertEquals(List.of(), all.filter(path -> path.endsWith("escape")).toList());
    }
  }

  @Test
  void aLinkToAFileThatOnlyTheHostHasIsRefused() throws IOException {
    Path secret = Files.writeString(scratch.resolve("secret"), "the host's");
    layer(new Tar().hardLink("stolen", secret.toString()));
    Outcome outcome = signing.run("team", layout + ":latest", "/bin/cat", "/stolen").expect(125);
    assertTrue(
        outcome
            .error()
            .contains("stolen is a hard link to " + secret + ", which the image does not"),
        outcome::error);
    assertEquals(1L, links(secret.toString()));
    store.assertEmpty();
  }

  @Test
  void whatCanBeLeftOutIsAndTheRestRuns() throws IOException {
    String written = "written-" + scratch.getFileName();
    layer(
        new Tar()
            .blockDevice("dev/sda", 8, 0)
            .blockDevice("disk", 8, 0)
            .symlink("trap", "/srv")
            .file("trap/" + written, "inside\n")
            .hardLink("users", "/etc/passwd"));
    Outcome outcome =
        signing
            .run(
                "team",
                layout + ":latest",
                "/bin/sh",
                "-c",
                "cat /srv/" + written + " /users; ls /dev/sda /disk")
            .expect(1);
    assertEquals("inside\nroot:x:0:0:root:/root:/bin/sh\n", outcome.text());
    for (String named :
        List.of(
            "caisson: of the image, dev/sda: the block device 8:0 is left out\n",
            "caisson: of the image, disk: the block device 8:0 is left out\n",
            "caisson: of the image, trap: what lies behind this link to ",
            "ls: /dev/sda: No such file or directory\n",
            "ls: /disk: No such file or directory\n")) {
      assertTrue(outcome.error().contains(named), outcome::error);
    }
    assertFalse(Files.exists(Path.of("/srv").resolve(written)));
    try (Stream<Path> all = Files.walk(store.data())) {
      assertFalse(all.anyMatch(path -> path.endsWith("sda") || path.endsWith("disk")));
    }
  }

  /** Adds the layer to the image and signs it: an attacker may have a key that is trusted. */
  private void layer(Tar tar) throws IOException {
    Path archive = scratch.resolve("layer.tar");
    Files.write(archive, tar.finish());
    Command.of("umoci", "raw", "add-layer", "--image", layout + ":latest", archive.toString())
        .run()
        .expect(0);
    signing.sign("team", layout + ":latest");
  }

  private static void assertEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  private static long links(String path) throws IOException {
    return ((Number) Files.getAttribute(Path.of(path), "unix:nlink")).longValue();
  }
}
