package dev.caisson.image.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.image.tar.ArchiveProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The archives of vectors/attack-tars: what becomes of each, and that nothing gets out. */
class AttackTarsTest {
  @TempDir private Path scratch;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          01-dotdot                     | ../ESCAPED-01 leads out through ..
          02-dotdot-deep                | a/../../ESCAPED-02 leads out through ..
          06-symlink-root-dot           | the layer's root is no directory
          07-symlink-root-slash         | the layer's root is no directory
          09-symlink-loop               | too many symbolic links
          10-hardlink-outside-rel       | ../ESCAPE-TARGET leads out through ..
          11-hardlink-outside-abs       | which the image does not have
          12-hardlink-via-symlink       | which the image does not have
          19-whiteout-dotdot            | the whiteout .wh.. deletes no name
          20-whiteout-empty             | the whiteout .wh. deletes no name
          21-whiteout-slash-trick       | leads out through ..
          23-whiteout-nonempty          | .wh.foo is no empty file
          29-overlay-whiteout-chardev   | etc/passwd is a character device 0:0
          37-xattr-huge                 | an extended attribute has 70000 bytes
          39-pax-path-override          | ../ESCAPED-39 leads out through ..
          40-pax-linkpath-override      | ../ESCAPE-TARGET leads out through ..
          """)
  void isRefused(String archive, String reason) throws IOException {
    Unpacking layers = new Unpacking(scratch);
    ArchiveProblem problem = assertThrows(ArchiveProblem.class, () -> layers.add(bytes(archive)));
    assertTrue(String.valueOf(problem.getMessage()).contains(reason), problem::getMessage);
    assertEquals("a a/b a/b/c a/b/c/layer0", besides(scratch.resolve("a/b/c/layer0")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          00-benign                     | -                       | abs etc etc/hard etc/hello etc/link usr usr/bin usr/bin/tool
          03-absolute                   | the absolute name       | tmp tmp/ceo-escape-canary tmp/ceo-escape-canary/abs
          04-symlink-then-write-rel     | behind this link to ..  | ESCAPED-04 d
          05-symlink-then-write-abs     | behind this link to /   | d tmp tmp/ceo-escape-canary tmp/ceo-escape-canary/file
          08-symlink-chain              | behind this link to ..  | ESCAPED-08 a b c
          13-hardlink-to-symlink-then-write | -                   | h s
          14-hardlink-then-write-through | -                      | etc etc/passwd h
          15-file-over-symlink          | -                       | f
          16-dir-over-symlink           | -                       | d16 d16/ESCAPED-16
          17-nonexistent-parent-via-symlink | behind this link to | p q q/ESCAPED-17
          18-whiteout-root-opq          | -                       | keep
          22-whiteout-through-symlink   | behind this link to ..  | s
          24-whiteout-aufs-plnk         | bookkeeping of aufs     | ''
          25-opaque-late                | -                       | d d/new
          26-whiteout-then-add-same-layer | -                     | x
          27-dev-sda-block              | block device 8:0        | dev
          28-dev-mem-char               | character device 1:1    | dev
          30-fifo                       | -                       | fifo
          31-setuid-root                | the setuid bit          | bin bin/su
          32-setgid-sticky              | the setgid bit          | bin bin/sg tmp
          33-xattr-security-capability  | security.capability     | bin bin/ping
          34-xattr-trusted-overlay-redirect | trusted.overlay.redirect | d34
          35-xattr-user-overlay         | user.overlay.redirect   | d35
          36-xattr-selinux-ima          | security.selinux        | f36
          38-xattr-libarchive           | security.capability     | f38
          """)
  void isConfined(String archive, String note, String files) throws IOException {
    Unpacking layers = new Unpacking(scratch);
    LayerContent content = layers.add(bytes(archive));
    Path layer = scratch.resolve("a/b/c/layer0");
    assertEquals(files, list(layer));
    assertEquals("a a/b a/b/c a/b/c/layer0", besides(layer));
    if (note == null) {
      assertEquals("[]", content.notes().toString());
    } else {
      assertTrue(content.notes().toString().contains(note), () -> content.notes().toString());
    }
  }

  @Test
  void nothingOfARightIsKept() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(bytes("31-setuid-root"));
    assertEquals(0755, layers.status("bin/su").permissions());
    layers.add(bytes("32-setgid-sticky"));
    assertEquals(0755, layers.status("bin/sg").permissions());
    layers.add(bytes("35-xattr-user-overlay"));
    assertEquals(false, layers.hasAttribute("d35", "user.overlay.redirect"));
    assertEquals(false, layers.hasAttribute("d35", "user.overlay.opaque"));
  }

  @Test
  void linksAreReplacedAndNotFollowed() throws IOException {
    Unpacking layers = new Unpacking(scratch);
    layers.add(bytes("14-hardlink-then-write-through"));
    assertEquals("root\n", Files.readString(layers.file("etc/passwd")));
    layers.add(bytes("15-file-over-symlink"));
    assertTrue(Files.isRegularFile(layers.file("f"), LinkOption.NOFOLLOW_LINKS));
    layers.add(bytes("13-hardlink-to-symlink-then-write"));
    assertTrue(Files.isRegularFile(layers.file("h"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.isSymbolicLink(layers.file("s")));
  }

  private String besides(Path layer) throws IOException {
    try (Stream<Path> files = Files.walk(scratch)) {
      return files
          .filter(path -> !path.startsWith(layer) || path.equals(layer))
          .map(path -> scratch.relativize(path).toString())
          .filter(path -> !path.isEmpty())
          .sorted()
          .collect(Collectors.joining(" "));
    }
  }

  private static String list(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(path -> directory.relativize(path).toString())
          .filter(path -> !path.isEmpty())
          .sorted()
          .collect(Collectors.joining(" "));
    }
  }

  private static byte[] bytes(String archive) throws IOException {
    try (InputStream in =
        AttackTarsTest.class.getResourceAsStream("/vectors/attack-tars/" + archive + ".tar")) {
      return in.readAllBytes();
    }
  }
}
