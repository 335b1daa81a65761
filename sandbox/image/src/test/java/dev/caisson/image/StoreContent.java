package dev.caisson.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a store in the directory {@code store} of a test holds. */
final class StoreContent {
  private StoreContent() {}

  static List<String> layers(Path scratch) throws IOException {
    return list(scratch.resolve("store/layers"));
  }

  static List<String> blobs(Path scratch) throws IOException {
    return list(scratch.resolve("store/blobs/sha256"));
  }

  /** Fails unless nothing was stored, whole or half-made. */
  static void assertEmpty(Path scratch) throws IOException {
    assertEquals(List.of(), layers(scratch));
    assertEquals(List.of(), blobs(scratch));
    assertEquals(List.of(), list(scratch.resolve("store/tmp")));
    assertEquals(
        "{\"schemaVersion\":2,\"manifests\":[]}",
        Files.readString(scratch.resolve("store/index.json")));
  }

  static List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
