package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  @Test
  void mountPointsAreReadAsTheyAre() {
    MountTable table =
        MountTable.read(
            ("22 1 0:20 / / rw - ext4 /dev/root rw\n"
                    + "23 22 0:21 / /a\\040b/c rw shared:1 - tmpfs t rw\n")
                .getBytes(StandardCharsets.US_ASCII));
    assertEquals(List.of(UnixPath.of("/"), UnixPath.of("/a b/c")), table.points());
    assertTrue(table.hasBelow(UnixPath.of("/a b")));
    assertFalse(table.hasBelow(UnixPath.of("/a b/c")));
    assertFalse(table.hasBelow(UnixPath.of("/a")));
  }

  @Test
  void theOwnTableHasTheRoot() {
    assertTrue(MountTable.own().points().contains(UnixPath.of("/")));
  }
}
