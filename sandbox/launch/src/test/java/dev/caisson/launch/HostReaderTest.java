package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostReaderTest {
  private static final HostReader ROOT = new HostReader(0);
  private static final HostReader STRANGER = new HostReader(4242);

  @TempDir private Path directory;

  @Test
  void whatEveryoneMayReadIsShownAndWhatAGroupMayReadIsNot() throws IOException {
    assertTrue(STRANGER.maySee(file("all", "rw-r--r--")));
    assertFalse(STRANGER.maySee(file("group", "rw-r-----")));
    assertFalse(STRANGER.maySee(UnixPath.of(directory.resolve("absent").toString())));
  }

  @Test
  void anOwnersOwnFileIsShownToItButNotToASandboxOfRoot() {
    HostEntry own = new HostEntry(1, 2, 0100600, 4242, 4242, 0);
    HostEntry ofRoot = new HostEntry(1, 2, 0100600, 0, 0, 0);

    assertTrue(STRANGER.maySee(own));
    assertFalse(STRANGER.maySee(ofRoot));
    assertFalse(ROOT.maySee(ofRoot));
  }

  @Test
  void aSandboxOfRootNeedsToReachWhatItIsShown() throws IOException {
    UnixPath file = file("all", "rw-r--r--");

    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    assertFalse(ROOT.maySee(file));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    assertTrue(ROOT.maySee(file));
  }

  private UnixPath file(String name, String permissions) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return UnixPath.of(file.toString());
  }
}
