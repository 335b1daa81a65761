package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.DirectoryEntry;
import dev.caisson.launch.HostFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The repository that a directory belongs to (gitrepository-layout(5)).
 *
 * @param shown what git reads: the repository's top, or of a linked worktree the shared directory
 * @param own what this worktree writes: its git directory
 * @param kept what stays read-only in it, relative to it
 */
record GitRepository(UnixPath shown, UnixPath own, List<UnixPath> kept) {
  private static final UnixPath GIT = UnixPath.of(".git");
  private static final UnixPath WORKTREES = UnixPath.of("worktrees");
  private static final UnixPath SHARED = UnixPath.of("commondir");
  private static final UnixPath BACK = UnixPath.of("gitdir");
  private static final String POINTER = "gitdir: ";
  private static final int LONGEST = 1 << 16;

  /** By these git would run programs, or look elsewhere. */
  private static final List<String> KEPT =
      List.of("hooks", "config", "config.worktree", "commondir", "gitdir", "modules");

  GitRepository {
    kept = List.copyOf(kept);
  }

  /** The nearest directory at or above {@code directory} that has a {@code .git}. */
  static Optional<UnixPath> top(UnixPath directory) {
    List<UnixPath> components = directory.components();
    for (int length = components.size(); length > 0; length--) {
      UnixPath above = NameResolution.join(components.subList(0, length));
      if (HostFiles.status(above.resolve(GIT)).isPresent()) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  /**
   * The repository of {@code directory}.
   *
   * @throws EngineRefusal where there is none, or where a file names one that does not name it back
   */
  static GitRepository of(UnixPath directory) {
    UnixPath top =
        top(directory)
            .orElseThrow(
                () ->
                    refusal(
                        directory, "no directory at or above it has a .git", "Leave out --git"));
    UnixPath git = top.resolve(GIT);
    if (HostFiles.status(git).filter(status -> status.isDirectory()).isPresent()) {
      return new GitRepository(top, git, kept(git));
    }
    UnixPath own =
        named(git, POINTER)
            .map(path -> absolute(top, path))
            .flatMap(HostFiles::canonical)
            .orElseThrow(() -> refusal(directory, git + " names no directory", "Leave out --git"));
    // a hostile checkout could name any directory; only a worktree's own names the checkout
    Optional<UnixPath> back =
        named(own.resolve(BACK), "").flatMap(path -> HostFiles.canonical(absolute(own, path)));
    boolean namesBack = back.isPresent() && back.equals(HostFiles.canonical(git));
    Optional<UnixPath> shared =
        named(own.resolve(SHARED), "")
            .map(path -> absolute(own, path))
            .flatMap(HostFiles::canonical)
            .filter(path -> own.startsWith(path.resolve(WORKTREES)));
    if (!namesBack || shared.isEmpty()) {
      throw refusal(
          directory,
          own + ", which " + git + " names, is no worktree's directory that names it back",
          "Show what git needs with --ro-bind, after a look at what it is");
    }
    return new GitRepository(shared.get(), own, kept(own));
  }

  private static List<UnixPath> kept(UnixPath own) {
    List<UnixPath> kept = new ArrayList<>(KEPT.stream().map(UnixPath::of).toList());
    for (DirectoryEntry tree : HostFiles.entries(own.resolve(WORKTREES))) {
      kept.add(WORKTREES.resolve(tree.name()).resolve(SHARED));
    }
    return kept;
  }

  private static UnixPath absolute(UnixPath base, UnixPath path) {
    return path.isAbsolute() ? path : base.resolve(path);
  }

  /** The path that a file holds behind {@code prefix}. */
  private static Optional<UnixPath> named(UnixPath file, String prefix) {
    return HostFiles.start(file, LONGEST)
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip())
        .filter(text -> text.startsWith(prefix) && text.length() > prefix.length())
        .map(text -> text.substring(prefix.length()).getBytes(StandardCharsets.ISO_8859_1))
        .map(UnixPath::of);
  }

  private static EngineRefusal refusal(UnixPath directory, String why, String remedy) {
    return new EngineRefusal("show the repository of " + directory, why, remedy);
  }
}
