package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import java.util.List;

/** Decides which current directories {@code wrap} shows inside. */
final class WrapDirectory {
  private static final UnixPath ROOT = UnixPath.of("/");
  private static final UnixPath TMP = UnixPath.of("/tmp");
  // where some distributions keep the homes; /home is then a link
  private static final UnixPath VAR_HOME = UnixPath.of("/var/home");
  private static final List<UnixPath> HIDDEN =
      List.of(
          UnixPath.of("/etc"),
          UnixPath.of("/run"),
          UnixPath.of("/var"),
          UnixPath.of("/proc"),
          UnixPath.of("/sys"),
          UnixPath.of("/dev"),
          UnixPath.of("/root"));

  private WrapDirectory() {}

  /**
   * Checks a current directory, as getcwd(2) gives it.
   *
   * @throws EngineRefusal where showing it, even to read, would show what the view hides
   */
  static void check(UnixPath directory, UnixPath home) {
    UnixPath canonicalHome = HostFiles.canonical(home).orElse(home);
    if (directory.equals(ROOT)) {
      throw refusal(directory, "it holds every file of the host");
    }
    if (holds(directory, home) || holds(directory, canonicalHome)) {
      throw refusal(directory, "it is the home directory or holds it");
    }
    if (directory.equals(TMP)) {
      throw refusal(directory, "it holds the temporary files of other programs");
    }
    for (UnixPath hidden : HIDDEN) {
      boolean ownFiles = canonicalHome.startsWith(VAR_HOME) && directory.startsWith(canonicalHome);
      if (directory.startsWith(hidden) && !ownFiles) {
        throw refusal(directory, "it lies in " + hidden + ", which is hidden inside");
      }
    }
  }

  private static boolean holds(UnixPath directory, UnixPath home) {
    return !home.equals(ROOT) && home.startsWith(directory);
  }

  private static EngineRefusal refusal(UnixPath directory, String why) {
    return new EngineRefusal(
        "run a command in " + directory,
        "the current directory is shown inside, and " + why,
        "Change to a directory that holds only what the command may read, below the home directory"
            + " or below /tmp");
  }
}
