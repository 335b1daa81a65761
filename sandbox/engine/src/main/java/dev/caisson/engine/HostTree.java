package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostEntry;
import dev.caisson.launch.HostFiles;
import java.util.Optional;

/** The host's own files. */
final class HostTree implements FileTree {
  @Override
  public Node at(UnixPath path) {
    Optional<HostEntry> status = HostFiles.status(path);
    if (status.isEmpty()) {
      return new Node.Absent();
    }
    if (status.get().isSymbolicLink()) {
      return HostFiles.link(path).<Node>map(Node.Link::new).orElseGet(Node.Absent::new);
    }
    return status.get().isDirectory()
        ? new Node.Directory()
        : new Node.File(path, status.get().isRegularFile() && HostFiles.mayExecute(path));
  }
}
