package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.DirectoryEntry;
import dev.caisson.launch.HostFiles;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Files of a writable directory that would run code outside later, or weaken the next run: they
 * stay read-only unless a policy names them.
 */
final class ProtectedFiles {
  private static final List<String> NAMES =
      List.of(
          ".git/hooks",
          ".git/config",
          ".git/config.worktree",
          // it names another directory for hooks and configuration (gitrepository-layout(5))
          ".git/commondir",
          ".git/modules",
          ".gitmodules",
          ".envrc",
          ".vscode",
          ".idea",
          ".devcontainer",
          ".vimrc",
          ".nvimrc",
          ".nvim.lua",
          ".exrc",
          ".dir-locals.el",
          ".bashrc",
          ".bash_profile",
          ".bash_login",
          ".bash_logout",
          ".profile",
          ".zshrc",
          ".zshenv",
          ".zprofile",
          ".zlogin",
          ".config/fish",
          ".gitconfig",
          ".config/git");

  private static final UnixPath WORKTREES = UnixPath.of(".git/worktrees");

  private ProtectedFiles() {}

  /** Those of {@code directory}, relative to it, whether they exist or not, and {@code also}. */
  static List<UnixPath> within(UnixPath directory, List<UnixPath> also) {
    Set<UnixPath> found = new LinkedHashSet<>(also);
    for (String name : NAMES) {
      found.add(UnixPath.of(name));
    }
    for (DirectoryEntry tree : HostFiles.entries(directory.resolve(WORKTREES))) {
      found.add(WORKTREES.resolve(tree.name()).resolve("commondir"));
    }
    // in a worktree or submodule .git is a file that names the real directory
    UnixPath git = UnixPath.of(".git");
    if (HostFiles.status(directory.resolve(git)).filter(s -> !s.isDirectory()).isPresent()) {
      found.add(git);
    }
    return List.copyOf(found);
  }
}
