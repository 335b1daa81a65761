package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.HostReader;
import dev.caisson.policy.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a sandbox with a view of the host will see, computed from its mounts. */
final class ViewTree implements FileTree {
  private final FileTree host;
  private final List<Mount> mounts;
  private final List<UnixPath> masked;

  /**
   * @param mounts in the order in which they are made
   * @param masked paths that are empty inside
   * @param reader whom optional mounts are judged for
   */
  ViewTree(FileTree host, List<Mount> mounts, List<UnixPath> masked, HostReader reader) {
    this.host = host;
    this.mounts = mounts.stream().filter(mount -> isThere(mount, reader)).toList();
    this.masked = List.copyOf(masked);
  }

  @Override
  public Node at(UnixPath path) {
    if (masked.stream().anyMatch(path::startsWith)) {
      return new Node.Absent();
    }
    int last = covering(path);
    if (last < 0) {
      return holdsMount(path, -1) ? new Node.Directory() : new Node.Absent();
    }
    Node node = within(mounts.get(last), path);
    return node instanceof Node.Absent && holdsMount(path, last) ? new Node.Directory() : node;
  }

  /** The mount that shows at {@code path}, no link on the way; empty where the root does. */
  Optional<Mount> mountAt(UnixPath path) {
    int last = covering(path);
    return last < 0 ? Optional.empty() : Optional.of(mounts.get(last));
  }

  /** The mounts that are made on this host. */
  List<Mount> mounts() {
    return mounts;
  }

  /** The place of the mount made last among those that cover the path; -1 where none does. */
  private int covering(UnixPath path) {
    int last = mounts.size() - 1;
    while (last >= 0 && !path.startsWith(mounts.get(last).target())) {
      last--;
    }
    return last;
  }

  private boolean holdsMount(UnixPath path, int after) {
    return mounts.stream().skip(after + 1).anyMatch(mount -> mount.target().startsWith(path));
  }

  private Node within(Mount mount, UnixPath path) {
    List<UnixPath> rest = new ArrayList<>(path.components());
    rest.subList(0, mount.target().components().size()).clear();
    if (mount instanceof Mount.Bind bind) {
      return below(bind.source(), rest);
    }
    if (!rest.isEmpty()) {
      return new Node.Absent();
    }
    if (mount instanceof Mount.Tmpfs) {
      return new Node.Directory();
    }
    if (mount instanceof Mount.Symlink symlink) {
      return new Node.Link(symlink.link());
    }
    if (mount instanceof Mount.TextFile || mount instanceof Mount.Copy) {
      return new Node.Synthesized();
    }
    throw new AssertionError("a mount of an unknown kind at " + path);
  }

  /** The source's own links are resolved before it is bound, links below it inside. */
  private Node below(UnixPath source, List<UnixPath> rest) {
    Optional<UnixPath> canonical = HostFiles.canonical(source);
    if (canonical.isEmpty()) {
      return new Node.Absent();
    }
    UnixPath path = canonical.get();
    for (UnixPath component : rest) {
      path = path.resolve(component);
    }
    return host.at(path);
  }

  /** Optional mounts are left out where the source is absent or not open to the caller. */
  private static boolean isThere(Mount mount, HostReader reader) {
    if (mount instanceof Mount.Copy copy) {
      return reader.maySee(copy.source());
    }
    return !(mount instanceof Mount.Bind bind) || !bind.optional() || reader.maySee(bind.source());
  }
}
