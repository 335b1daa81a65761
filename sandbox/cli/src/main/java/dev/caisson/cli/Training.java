package dev.caisson.cli;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads the classes of the usual ways for a class-data archive: every way up to its last step,
 * which would start something.
 */
final class Training {
  private static final List<String> WAYS =
      List.of(
          "run hello",
          "run --policy strict hello",
          "wrap -- true",
          "wrap --policy developer --rw -- sh -c true",
          "explain wrap -- true",
          "policy check untrusted",
          "verify hello",
          "--version",
          "wrap --help",
          "rum hello");

  private Training() {}

  /** Goes the ways; prints nothing, and a refusal on this host is no failure. */
  static void run() {
    Session session = Session.rehearsal();
    for (String way : WAYS) {
      List<UnixPath> words = new ArrayList<>();
      for (String word : way.split(" ", -1)) {
        words.add(UnixPath.of(word));
      }
      Main.run(words, session);
    }
  }
}
