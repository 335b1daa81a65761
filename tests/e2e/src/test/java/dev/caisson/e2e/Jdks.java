package dev.caisson.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Java installations of the machine, by the place where distributions put them. */
final class Jdks {
  private static final Path PLACE = Path.of("/usr/lib/jvm");

  private Jdks() {}

  /** Those of at least {@code feature}, one of each directory, none through a symbolic link. */
  static List<Path> from(int feature) {
    if (!Files.isDirectory(PLACE)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(PLACE)) {
      return entries
          .filter(entry -> !Files.isSymbolicLink(entry))
          .filter(entry -> Files.isExecutable(entry.resolve("bin/java")))
          .filter(entry -> feature(entry) >= feature)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int feature(Path jdk) {
    try (Stream<String> lines = Files.lines(jdk.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
