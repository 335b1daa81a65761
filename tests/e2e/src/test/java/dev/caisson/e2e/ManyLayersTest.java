package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of many layers, as overlayfs mounts them. */
class ManyLayersTest {
  @TempDir private Path scratch;
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));
  private Path layout = Path.of("");

  @BeforeEach
  void image() throws IOException {
    signing =
        new Signing(Caisson.withHome(Files.createDirectory(scratch.resolve("home"))), scratch);
    signing.keygen("team");
    layout = Layouts.busybox(scratch);
  }

  @Test
  void theMostThatAreAllowedAreMountedAndNoMore() throws IOException {
    for (int i = 1; i < 127; i++) {
      layer(new Tar().file("layer" + i, "x"));
    }
    signing.sign("team", layout + ":latest");
    Outcome outcome =
        signing.run("team", layout + ":latest", "/bin/sh", "-c", "ls / | grep -c layer");
    assertEquals("126\n", outcome.expect(0).text());
    layer(new Tar().file("layer127", "x"));
    signing.sign("team", layout + ":latest");
    Outcome refused = signing.run("team", layout + ":latest", "/bin/true").expect(125);
    assertTrue(refused.error().contains("at most 127 can be mounted"), refused::error);
  }

  @Test
  void aLayerMayOccurTwice() throws IOException {
    layer(new Tar().file("file", "lower\n"));
    layer(new Tar().file("file", "upper\n"));
    layer(new Tar().file("file", "lower\n"));
    signing.sign("team", layout + ":latest");
    assertEquals(
        "lower\n", signing.run("team", layout + ":latest", "/bin/cat", "/file").expect(0).text());
  }

  private void layer(Tar tar) throws IOException {
    Path archive = scratch.resolve("layer.tar");
    Files.write(archive, tar.finish());
    Command.of("umoci", "raw", "add-layer", "--image", layout + ":latest", archive.toString())
        .run()
        .expect(0);
  }
}
