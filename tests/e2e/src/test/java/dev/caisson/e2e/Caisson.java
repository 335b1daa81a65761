package dev.caisson.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code caisson} of a distribution, with a home directory of its own. */
final class Caisson {
  private final Path distribution;
  private final Path home;

  private Caisson(Path distribution, Path home) {
    this.distribution = distribution;
    this.home = home;
  }

  /** The built distribution; store, configuration and cache lie beneath {@code home}. */
  static Caisson withHome(Path home) {
    return new Caisson(distribution(), home);
  }

  /** A copy of the distribution somewhere else. */
  Caisson movedTo(Path elsewhere) {
    return new Caisson(elsewhere, home);
  }

  /** The directory that holds {@code bin} and {@code lib}. */
  static Path distribution() {
    Path built = Path.of(System.getProperty("caisson.distribution", ""));
    if (!Files.isExecutable(built.resolve("bin/caisson"))) {
      throw new AssertionError("no distribution in " + built + ": build with mvn verify");
    }
    try {
      return built.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path home() {
    return home;
  }

  /** Where it keeps its data: named, since the home of passwd counts and not HOME. */
  Path data() {
    return home.resolve(".local/share");
  }

  Command command(String... arguments) {
    return command(List.of(arguments));
  }

  Command command(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(distribution.resolve("bin/caisson").toString());
    words.addAll(arguments);
    return environmentOf(Command.of(words));
  }

  /** {@code command} with this home and nothing of the caller's own directories. */
  Command environmentOf(Command command) {
    return command
        .with("HOME", home.toString())
        .without("XDG_CACHE_HOME")
        .without("XDG_CONFIG_HOME")
        .with("XDG_DATA_HOME", data().toString())
        .without("XDG_RUNTIME_DIR")
        .without("XDG_STATE_HOME");
  }

  Outcome run(String... arguments) {
    return command(arguments).run();
  }
}
