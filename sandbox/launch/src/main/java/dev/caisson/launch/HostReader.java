package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.Optional;

/**
 * The caller as a sandbox's reader of the host's files. It is shown what everyone may read and what
 * is its own, never what it reads through a group alone: groups are easily forgotten. A sandbox of
 * root has other ids (user_namespaces(7)), so it reads what everyone may read and reach.
 *
 * @param uid the caller's user id on the host
 */
public record HostReader(int uid) {
  private static final int READ = 0004;
  private static final int ENTER = 0001;

  /** Whether {@code path}, or what it leads to, is there and may be shown. */
  public boolean maySee(UnixPath path) {
    Optional<HostEntry> target = HostFiles.statusOfTarget(path);
    if (target.isEmpty()) {
      return false;
    }
    return uid == 0
        ? target.get().isReadableByAll() && isReachableByAll(path)
        : maySee(target.get());
  }

  /** The same of a file itself, wherever it stands. */
  boolean maySee(HostEntry entry) {
    return entry.isReadableByAll() || (uid != 0 && uid == entry.uid() && entry.isReadableByOwner());
  }

  /**
   * Whether the caller reads or enters it, or what is below it, only through a group or an access
   * control list.
   *
   * @param path no symbolic link
   */
  public boolean seesThroughGroup(UnixPath path) {
    Optional<HostEntry> entry = HostFiles.status(path);
    if (entry.isEmpty() || entry.get().uid() == uid || uid == 0) {
      return false;
    }
    int others = entry.get().mode();
    return ((others & READ) == 0 && HostFiles.mayRead(path))
        || (entry.get().isDirectory() && (others & ENTER) == 0 && HostFiles.mayExecute(path));
  }

  private static boolean isReachableByAll(UnixPath path) {
    UnixPath directory = UnixPath.of("/");
    for (UnixPath component : HostFiles.canonical(path).orElse(path).components()) {
      if (HostFiles.status(directory).filter(at -> (at.mode() & ENTER) != 0).isEmpty()) {
        return false;
      }
      directory = directory.resolve(component);
    }
    return true;
  }
}
