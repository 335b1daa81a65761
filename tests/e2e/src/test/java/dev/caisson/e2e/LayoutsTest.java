package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The images that other tests rest on, as another tool sees them. */
class LayoutsTest {
  @TempDir private Path scratch;

  @Test
  void busyboxIsAnImage() throws IOException {
    Peer.need("skopeo");
    Path layout = Layouts.busybox(scratch);
    Outcome config = Command.of("skopeo", "inspect", "--config", "oci:" + layout + ":latest").run();
    assertTrue(config.expect(0).text().contains("\"/bin/sh\""), config::text);
  }

  @Test
  void debianIsAnImage() throws IOException {
    Path layout = Layouts.debian(scratch);
    Outcome config = Command.of("skopeo", "inspect", "--config", "oci:" + layout + ":latest").run();
    assertTrue(config.expect(0).text().contains("\"/bin/bash\""), config::text);
  }
}
