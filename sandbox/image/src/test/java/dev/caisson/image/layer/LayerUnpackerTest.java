package dev.caisson.image.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.image.tar.RawTar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What layers mean (OCI image-spec, layer.md), in overlayfs's form. */
class LayerUnpackerTest {
  @TempDir private Path scratch;

  @Test
  void aWhiteoutHidesWhatALowerLayerHas() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("d", 0755).file("d/old", "x").finish());
    layers.add(new RawTar().file("d/.wh.old", "").finish());
    assertTrue(layers.status("d/old").isWhiteout());
    assertFalse(Files.exists(layers.file("d/.wh.old")));
  }

  @Test
  void aWhiteoutOfNothingLeavesNothing() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("d", 0755).finish());
    layers.add(new RawTar().file("d/.wh.old", "").finish());
    assertFalse(Files.exists(layers.file("d/old")));
  }

  @Test
  void anOpaqueDirectoryIsMarked() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("d", 0755).file("d/old", "x").finish());
    LayerContent content =
        layers.add(
            new RawTar()
                .directory("d", 0700)
                .file("d/.wh..wh..opq", "")
                .file("d/new", "y")
                .finish());
    assertEquals(Set.of(UnixPath.of("d")), content.opaque());
    assertTrue(layers.hasAttribute("d", "user.overlay.opaque"));
    assertEquals(0700, layers.status("d").permissions());
  }

  @Test
  void aDirectoryInThePlaceOfADeletedOneStartsEmpty() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("d", 0755).file("d/old", "x").finish());
    LayerContent content =
        layers.add(new RawTar().file(".wh.d", "").directory("d", 0755).file("d/new", "").finish());
    assertEquals(Set.of(UnixPath.of("d")), content.opaque());
  }

  @Test
  void impliedParentsKeepTheMetadataOfLowerLayers() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("tmp", 01777).directory("root", 0700).finish());
    LayerContent content =
        layers.add(new RawTar().file("tmp/a", "x").file("root/b", "y").file("new/c", "z").finish());
    assertEquals(01777, layers.status("tmp").permissions());
    assertEquals(0700, layers.status("root").permissions());
    assertEquals(0755, layers.status("new").permissions());
    assertTrue(content.dependsOnLower());
  }

  @Test
  void aLayerOfItsOwnDependsOnNoOther() throws IOException {
    LayerContent content =
        new Unpacking(scratch).add(new RawTar().directory("d", 0755).file("d/f", "x").finish());
    assertFalse(content.dependsOnLower());
  }

  @Test
  void aHardLinkToALowerFileCopiesItUp() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("d", 0755).file("d/f", "content").finish());
    Path below = layers.file("d/f");
    layers.add(new RawTar().hardLink("g", "d/f").finish());
    assertEquals("content", Files.readString(layers.file("g")));
    assertEquals(ino(layers.file("g")), ino(layers.file("d/f")));
    assertFalse(ino(below).equals(ino(layers.file("g"))), "the lower layer's file was linked");
  }

  @Test
  void aHardLinkDoesNotReachADeletedFile() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().file("f", "x").finish());
    byte[] archive = new RawTar().file(".wh.f", "").hardLink("g", "f").finish();
    assertThrows(ArchiveProblem.class, () -> layers.add(archive));
  }

  @Test
  void aParentThatIsALinkOfALowerLayerIsFollowedInTheMergedTree() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().directory("run", 0755).symlink("var", "/run").finish());
    LayerContent content = layers.add(new RawTar().file("var/f", "x").finish());
    assertEquals("x", Files.readString(layers.file("run/f")));
    assertFalse(Files.exists(layers.file("var")));
    assertEquals("[]", content.notes().toString());
  }

  @Test
  void namesOfAnyBytesAreKept() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(new RawTar().file("a\nb", "x").file("line \u001b[2J", "y").finish());
    assertEquals(1, layers.status("a\nb").size());
  }

  @Test
  void everyHostileEntryIsNamed() {
    byte[] archive =
        new RawTar()
            .device('4', "dev/sda", 8, 0)
            .file("../../escape", "x")
            .symlink("link", "/etc")
            .file("link/written", "x")
            .hardLink("h", "/etc/passwd")
            .finish();
    Unpacking layers = new Unpacking(scratch);
    ArchiveProblem problem = assertThrows(ArchiveProblem.class, () -> layers.add(archive));
    assertEquals(
        "the name ../../escape leads out through ..; h is a hard link to /etc/passwd, which the"
            + " image does not have; dev/sda: the block device 8:0 is left out; link: what lies"
            + " behind this link to /etc is put beneath the image's root",
        problem.getMessage());
  }

  @Test
  void aLinkToADeviceThatWasLeftOutIsLeftOut() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    LayerContent content =
        layers.add(new RawTar().device('3', "kmsg", 1, 11).hardLink("again", "kmsg").finish());
    assertEquals(2, content.notes().size());
    assertFalse(Files.exists(layers.file("again")));
  }

  private static Object ino(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }
}
