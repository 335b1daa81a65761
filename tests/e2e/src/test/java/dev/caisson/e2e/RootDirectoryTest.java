package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --rootfs} with a tree of another user, as debootstrap under sudo leaves it. */
class RootDirectoryTest {
  @TempDir Path temporary;
  private Scratch scratch;
  private Path root;

  @BeforeEach
  void makeAnothersRoot() throws IOException {
    Peer.need(Files.isExecutable(Path.of("/bin/busybox")), "busybox-static is not installed");
    Peer.need("unshare", "newuidmap");
    scratch = Scratch.in(temporary);
    root = Files.createDirectory(scratch.path("root"));
    for (String each : List.of("bin", "dev", "etc", "proc", "run", "tmp", "var/lib")) {
      Files.createDirectories(root.resolve(each));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
    Files.writeString(root.resolve("etc/hosts"), "192.0.2.1 of-the-tree\n");
    own("7:7");
  }

  /** Gives the tree to another user: to a subordinate id, where the caller is no root. */
  private void own(String owner) {
    List<String> words = new ArrayList<>();
    if (!Peer.isRoot()) {
      words.addAll(List.of("unshare", "--map-root-user", "--map-auto"));
    }
    words.addAll(List.of("chown", "-R", owner, root.toString()));
    Outcome outcome = Command.of(words).run();
    assertEquals(0, outcome.status(), outcome::toString);
  }

  @AfterEach
  void takeItBack() {
    own("0:0");
  }

  @Test
  void placesItsFilesAndLetsDirectoriesBeWrittenTo() {
    String script = "cat /etc/hosts; echo new > /etc/new; cat /etc/new; busybox stat -c %a /etc";

    Outcome outcome = scratch.caisson("run", "--rootfs", root.toString(), "sh", "-c", script).run();

    assertEquals(0, outcome.status(), outcome::toString);
    assertTrue(outcome.text().startsWith("127.0.0.1 localhost caisson\n"), outcome::toString);
    assertTrue(outcome.text().endsWith("\nnew\n755\n"), outcome::toString);
    assertTrue(Files.notExists(root.resolve("etc/new")));
  }

  @Test
  void neverChangesTheTree() throws IOException {
    String script = "echo mine > /etc/hosts; rm -rf /bin /etc/hosts; true";

    Outcome outcome = scratch.caisson("run", "--rootfs", root.toString(), "sh", "-c", script).run();

    assertEquals("", outcome.text(), outcome::toString);
    assertEquals("192.0.2.1 of-the-tree\n", Files.readString(root.resolve("etc/hosts")));
    assertTrue(Files.exists(root.resolve("bin/busybox")));
  }
}
