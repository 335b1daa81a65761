package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import org.junit.jupiter.api.Test;

class ImageNameTest {
  @Test
  void whatFollowsTheLastColonAfterTheLastSlashIsTheTag() {
    assertEquals("oci:./a:b/c:v1", ImageName.parse(UnixPath.of("oci:./a:b/c:v1")).toString());
    assertEquals("oci:./a:b/c", ImageName.parse(UnixPath.of("oci:./a:b/c")).toString());
  }

  @Test
  void ofARegistryTheImageIsToBeCopiedAndItsSignature() {
    String refused = refused("docker://registry.example.com/app:v1");
    assertTrue(refused.contains("skopeo copy docker://NAME oci:DIR:TAG"), refused);
    assertTrue(refused.contains("its signature, the tag sha256-DIGEST.sig"), refused);
  }

  @Test
  void aDirectoryIsALayoutOrARootFileSystem() {
    assertTrue(refused("./app").contains("write oci:./app; for a root file system, --rootfs"));
  }

  private static String refused(String name) {
    return String.valueOf(
        assertThrows(ImageName.Unknown.class, () -> ImageName.parse(UnixPath.of(name)))
            .getMessage());
  }
}
