package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostEntry;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.HostReader;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.Root;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Mount;
import java.util.List;
import java.util.Optional;

/** Says in a sentence what a program finds at a path inside, and which rule made it so. */
final class ViewExplanation {
  private final EffectivePolicy policy;
  private final Root root;
  private final HostReader reader;
  private final UnixPath directory;

  ViewExplanation(LaunchRequest request) {
    this.policy = request.policy();
    this.root = request.root();
    this.directory = request.host().currentDirectory();
    this.reader = new HostReader(request.host().uid());
  }

  String of(UnixPath wanted) {
    UnixPath path = NameResolution.normal(wanted.isAbsolute() ? wanted : directory.resolve(wanted));
    for (UnixPath masked : policy.maskedPaths()) {
      if (path.startsWith(masked)) {
        return path + " is empty inside: the policy " + policy.name() + " masks " + masked + ".";
      }
    }
    List<Mount> mounts = policy.filesystem();
    for (int i = mounts.size() - 1; i >= 0; i--) {
      Mount mount = mounts.get(i);
      if (path.startsWith(mount.target())) {
        Optional<String> said = ofMount(path, mount);
        if (said.isPresent()) {
          return said.get();
        }
      }
    }
    return ofRoot(path);
  }

  /** Empty where the mount is left out on this host. */
  private Optional<String> ofMount(UnixPath path, Mount mount) {
    if (mount instanceof Mount.Bind bind) {
      return ofBind(path, bind);
    }
    if (mount instanceof Mount.Copy copy) {
      return reader.maySee(copy.source())
          ? Optional.of(path + " is a copy of the host's " + copy.source() + ", made at the start.")
          : Optional.of(
              path
                  + " is absent: the host's "
                  + copy.source()
                  + " does not exist, or not everybody may read it.");
    }
    if (mount instanceof Mount.Tmpfs) {
      return Optional.of(
          path.equals(mount.target())
              ? path + " is an empty directory in memory."
              : path
                  + " is absent: "
                  + mount.target()
                  + " is an empty directory in memory."
                  + howToShow(path));
    }
    if (mount instanceof Mount.TextFile) {
      return Optional.of(path + " is a file with a text that the policy gives.");
    }
    if (mount instanceof Mount.Symlink link) {
      return Optional.of(
          path + " leads through the link " + link.target() + " -> " + link.link() + ".");
    }
    throw new AssertionError("a mount of an unknown kind at " + path);
  }

  private Optional<String> ofBind(UnixPath path, Mount.Bind bind) {
    if (bind.optional() && !reader.maySee(bind.source())) {
      return Optional.empty();
    }
    UnixPath source = bind.source();
    if (!path.equals(bind.target())) {
      source = source.resolve(NameResolution.relative(bind.target(), path));
    }
    if (HostFiles.status(source).isEmpty()) {
      return Optional.of(path + " is absent: the host has nothing at " + source + ".");
    }
    String access =
        switch (bind.access()) {
          case READ_ONLY -> "read-only";
          case OVERLAY -> "writable in memory";
          case READ_WRITE -> "writable";
        };
    for (UnixPath kept : bind.protect()) {
      if (path.startsWith(bind.target().resolve(kept))) {
        access = "read-only, since it is protected (--allow-write " + kept + " changes that)";
      }
    }
    return Optional.of(
        path
            + " is the host's, "
            + access
            + ": "
            + bind.source()
            + " is shown at "
            + bind.target()
            + ".");
  }

  private String ofRoot(UnixPath path) {
    if (!(root instanceof Root.HostView) && isThere(path)) {
      return path
          + (root instanceof Root.Directory tree
              ? " is of the root directory " + tree.path() + "."
              : " is the image's own.");
    }
    for (Mount mount : policy.filesystem()) {
      if (mount.target().startsWith(path)) {
        return path + " is a directory that exists for what is shown below it.";
      }
    }
    if (root instanceof Root.Directory tree) {
      return path + " is absent: the root directory " + tree.path() + " has nothing there.";
    }
    if (root instanceof Root.Layers) {
      return path + " is absent: the image has nothing there that the caller may read.";
    }
    return path
        + " is absent: the policy "
        + policy.name()
        + " does not show it."
        + howToShow(path);
  }

  private boolean isThere(UnixPath path) {
    FileTree.Node node = NameResolution.follow(new RootTree(root), path).node();
    return !(node instanceof FileTree.Node.Absent);
  }

  private static String howToShow(UnixPath path) {
    Optional<HostEntry> entry = HostFiles.statusOfTarget(path);
    if (entry.isEmpty()) {
      return " The host has nothing there either.";
    }
    return entry.get().isDirectory() || entry.get().isRegularFile()
        ? " Show it with --ro-bind " + path + "."
        : " It is a device, socket or FIFO: only files and directories can be shown.";
  }
}
