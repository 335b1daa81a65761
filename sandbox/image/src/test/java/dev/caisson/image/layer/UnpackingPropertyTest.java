package dev.caisson.image.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.image.tar.RawTar;
import dev.caisson.launch.FileProblem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever two layers hold, nothing beside their directories changes, the lower one included. */
class UnpackingPropertyTest {
  private static final List<String> NAMES =
      List.of("a", "b", "..", ".", "", "etc", "a ", ".wh.a", ".wh.b", ".wh..wh..opq", "...");
  private static final List<String> TARGETS =
      List.of(
          "a", "b", "..", "../..", "../../../../outside", "/", "/a", "a/b", "../b", ".", "a/../..");

  private record Entry(char flag, String name, String link) {
    RawTar addTo(RawTar tar) {
      return switch (flag) {
        case '0' -> tar.file(name, "written");
        case '1' -> tar.hardLink(name, link);
        case '2' -> tar.symlink(name, link);
        case '5' -> tar.directory(name, 0755);
        case '6' -> tar.entry('6', name, 0644, "", new byte[0], block -> {});
        default -> tar.device(flag, name, 8, 0);
      };
    }
  }

  @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
  void nothingGetsOut(@ForAll("archives") List<Entry> lower, @ForAll("archives") List<Entry> upper)
      throws IOException {
    Path scratch = Files.createTempDirectory("caisson-layers");
    try {
      for (String place : List.of("outside", "a/outside", "a/b/outside", "a/b/c/outside")) {
        Files.createDirectories(scratch.resolve(place));
        Files.writeString(scratch.resolve(place).resolve("a"), "untouched");
      }
      Unpacking layers = new Unpacking(scratch);
      unpack(layers, lower);
      Map<String, String> before = everything(scratch);
      unpack(layers, upper);
      Map<String, String> after = everything(scratch);
      before.keySet().removeIf(path -> path.startsWith(layers.last()));
      after.keySet().removeIf(path -> path.startsWith(layers.last()));
      assertEquals(before, after);
    } finally {
      delete(scratch);
    }
  }

  private static void unpack(Unpacking layers, List<Entry> entries) throws IOException {
    RawTar tar = new RawTar();
    entries.forEach(entry -> entry.addTo(tar));
    try {
      layers.add(tar.finish());
    } catch (ArchiveProblem refused) {
      // as good as unpacked beneath
      return;
    } catch (FileProblem problem) {
      throw new AssertionError("the archive reached the file system unchecked", problem);
    }
  }

  @Provide
  Arbitrary<List<Entry>> archives() {
    Arbitrary<String> names =
        Arbitraries.of(NAMES)
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(parts -> String.join("/", parts));
    Arbitrary<Character> flags = Arbitraries.of('0', '0', '1', '2', '2', '5', '5', '6', '4');
    return Combinators.combine(flags, names, Arbitraries.of(TARGETS))
        .as(Entry::new)
        .filter(entry -> !entry.name.isEmpty())
        .list()
        .ofMaxSize(12);
  }

  /** Every path with its kind, length, mode, link count and target. */
  private static Map<String, String> everything(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            found.put(root.relativize(directory).toString(), "directory");
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String content =
                attributes.isRegularFile()
                    ? Files.readString(file)
                    : attributes.isSymbolicLink()
                        ? "-> " + Files.readSymbolicLink(file)
                        : "special";
            Object links =
                Files.getAttribute(file, "unix:nlink", java.nio.file.LinkOption.NOFOLLOW_LINKS);
            found.put(root.relativize(file).toString(), content + " " + links);
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static void delete(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException problem)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
