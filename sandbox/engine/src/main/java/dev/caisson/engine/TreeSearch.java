package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.DirectoryEntry;
import dev.caisson.launch.DirectoryEntry.Kind;
import dev.caisson.launch.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Looks through a directory of the host and all below it, without following links. */
final class TreeSearch {
  /** To look at so many names takes a tenth of a second. */
  static final int MOST = 10_000;

  private final BiPredicate<UnixPath, Kind> wanted;
  private final List<UnixPath> found = new ArrayList<>();
  private int looked;

  private TreeSearch(BiPredicate<UnixPath, Kind> wanted) {
    this.wanted = wanted;
  }

  /**
   * What is wanted below {@code directory}; absent where it holds more than {@link #MOST} names.
   */
  static Optional<List<UnixPath>> below(UnixPath directory, BiPredicate<UnixPath, Kind> wanted) {
    TreeSearch search = new TreeSearch(wanted);
    search.enter(directory);
    return search.looked > MOST ? Optional.empty() : Optional.of(search.found);
  }

  private void enter(UnixPath directory) {
    for (DirectoryEntry entry : HostFiles.entries(directory)) {
      if (++looked > MOST) {
        return;
      }
      UnixPath path = directory.resolve(entry.name());
      if (wanted.test(path, entry.kind())) {
        found.add(path);
      } else if (entry.kind() == Kind.DIRECTORY) {
        enter(path);
      }
    }
  }
}
