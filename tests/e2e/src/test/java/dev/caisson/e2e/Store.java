package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The image store of a {@link Caisson}. */
record Store(Path data) {
  static Store of(Caisson caisson) {
    return new Store(caisson.data().resolve("caisson"));
  }

  List<String> layers() {
    return list("layers");
  }

  List<String> temporary() {
    return list("tmp");
  }

  /** Fails unless the store has no layer and no blob, whole or half-made. */
  void assertEmpty() {
    assertEquals(List.of(), layers());
    assertEquals(List.of(), temporary());
    assertEquals(List.of(), list("blobs/sha256"));
  }

  /** The names in a directory of the store; none where it has not been made. */
  List<String> list(String directory) {
    Path path = data.resolve(directory);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
