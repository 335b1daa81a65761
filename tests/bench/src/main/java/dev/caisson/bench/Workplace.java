package dev.caisson.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that goes with the benchmark: a root file system, a filter, a compiled launcher. */
final class Workplace implements AutoCloseable {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private final Path home;
  private final Path directory;

  /**
   * @param home the distribution
   */
  Workplace(Path home) {
    this.home = home;
    try {
      directory = Files.createTempDirectory("caisson-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A root file system with a static busybox alone. */
  Path root(String name) {
    Path root = directory.resolve(name);
    try {
      for (String each : List.of("bin", "dev", "etc", "proc", "run", "sys", "tmp")) {
        Files.createDirectories(root.resolve(each));
      }
      Files.copy(BUSYBOX, root.resolve("bin/busybox"));
      Files.createSymbolicLink(root.resolve("bin/true"), Path.of("busybox"));
    } catch (IOException e) {
      throw new UncheckedIOException("the benchmark needs a static " + BUSYBOX, e);
    }
    return root;
  }

  /** Runs {@code caisson WORDS -o FILE} and returns that file; the words after "--" come last. */
  Path make(String name, List<String> before, List<String> after) {
    Path file = directory.resolve(name);
    List<String> words = new ArrayList<>(List.of(caisson()));
    words.addAll(before);
    words.addAll(List.of("-o", file.toString()));
    words.addAll(after);
    try {
      Process process = new ProcessBuilder(words).inheritIO().start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(words + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  String caisson() {
    return home.resolve("bin/caisson").toString();
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
