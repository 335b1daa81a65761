package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveLimits;
import dev.caisson.image.tar.TarReader;
import dev.caisson.launch.Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Layers unpacked one on top of the other into directories that a test looks at. */
final class Unpacking {
  private final Path scratch;
  private final Deque<Path> directories = new ArrayDeque<>();
  private final Deque<LayerContent> contents = new ArrayDeque<>();

  private int count;
  private String last = "";

  /** Layers lie some levels beneath {@code scratch}, so that it shows what gets out of them. */
  Unpacking(Path scratch) {
    this.scratch = scratch;
  }

  /** Unpacks the next layer; a refused one leaves its directory as far as it came. */
  LayerContent add(byte[] archive) throws IOException {
    Path directory = scratch.resolve("a/b/c/layer" + count++);
    last = scratch.relativize(directory).toString();
    Files.createDirectories(directory);
    List<LowerLayer> lower = new ArrayList<>();
    try (Directory target = open(directory)) {
      var content = contents.iterator();
      for (Path path : directories) {
        lower.add(new LowerLayer(open(path), content.next().opaque()));
      }
      LayerContent made =
          LayerUnpacker.unpack(
              new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT),
              target,
              lower,
              Ownership.CALLER,
              ArchiveLimits.DEFAULT);
      directories.push(directory);
      contents.push(made);
      return made;
    } finally {
      lower.forEach(layer -> layer.root().close());
    }
  }

  /** Where the layer lies, relative to the scratch directory, that was unpacked or refused last. */
  String last() {
    return last;
  }

  /** Where a file of the layer that was added last is. */
  Path file(String name) {
    return directories.element().resolve(name);
  }

  /** The layer's file, as overlayfs's form has it. */
  dev.caisson.launch.FileStatus status(String name) throws IOException {
    try (Directory directory = open(directories.element())) {
      return directory.status(UnixPath.of(name)).orElseThrow();
    }
  }

  boolean hasAttribute(String directory, String attribute) throws IOException {
    try (Directory opened = open(directories.element());
        Directory inner = opened.directory(UnixPath.of(directory))) {
      return inner.attribute(UnixPath.of(attribute)).isPresent();
    }
  }

  private static Directory open(Path path) throws IOException {
    return Directory.open(UnixPath.of(path.toString()));
  }
}
