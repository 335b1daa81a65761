package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.launch.Directory;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.FileTime;
import dev.caisson.launch.FileType;
import dev.caisson.launch.OpenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The directories of the layer being unpacked: made when needed, described when all is done. */
final class LayerDirectories implements AutoCloseable {
  private static final UnixPath OPAQUE = UnixPath.of("user.overlay.opaque");
  private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);
  private static final int WHILE_UNPACKING = 0700;

  private final Directory target;
  private final MergedTree tree;
  private final DirectoryMetadata metadata;

  // archives come directory by directory: the last one stays open
  private Optional<Directory> open = Optional.empty();
  private List<UnixPath> openPath = List.of();
  private Optional<List<UnixPath>> resolvedFrom = Optional.empty();
  private List<UnixPath> resolved = List.of();

  LayerDirectories(Directory target, MergedTree tree, Ownership ownership) {
    this.target = target;
    this.tree = tree;
    this.metadata = new DirectoryMetadata(ownership);
  }

  /** {@link MergedTree#resolve}, remembered until something changes that could alter it. */
  List<UnixPath> resolve(List<UnixPath> path) throws IOException {
    if (resolvedFrom.isEmpty() || !path.equals(resolvedFrom.get())) {
      List<UnixPath> found = tree.resolve(path);
      open(found);
      resolvedFrom = Optional.of(List.copyOf(path));
      resolved = found;
    }
    return resolved;
  }

  /** Opens a directory of the merged tree in this layer, making it and those above as needed. */
  Directory open(List<UnixPath> path) throws IOException {
    if (open.isPresent() && path.equals(openPath)) {
      return open.get();
    }
    forgetOpen();
    Directory found = openOrMake(path);
    open = Optional.of(found);
    openPath = List.copyOf(path);
    return found;
  }

  private Directory openOrMake(List<UnixPath> path) throws IOException {
    try {
      return target.directory(EntryPath.join(path));
    } catch (FileProblem problem) {
      // a whiteout of this layer where the directory is to be gives ENOTDIR
      if (!problem.is(Errno.ENOENT) && !problem.is(Errno.ENOTDIR)) {
        throw problem;
      }
    }
    List<UnixPath> parents = path.subList(0, path.size() - 1);
    UnixPath name = path.get(path.size() - 1);
    Optional<MergedTree.Found> lower = tree.look(parents, name);
    try (Directory parent = openOrMake(parents)) {
      makeIn(parent, path, name);
      if (lower.isPresent()) {
        metadata.putLike(EntryPath.join(path), lower.get().status());
      } else {
        metadata.putDefault(EntryPath.join(path));
      }
      return parent.directory(name);
    }
  }

  /** Makes the directory {@code name}; one that this layer already has is kept. */
  void make(List<UnixPath> parents, UnixPath name) throws IOException {
    makeIn(open(parents), LayerUnpacker.append(parents, name), name);
  }

  private void makeIn(Directory parent, List<UnixPath> path, UnixPath name) throws IOException {
    // what paths through the directory mean may change
    resolvedFrom = Optional.empty();
    try {
      parent.makeDirectory(name, WHILE_UNPACKING);
      return;
    } catch (FileProblem problem) {
      if (!problem.is(Errno.EEXIST)) {
        throw problem;
      }
    }
    Optional<FileStatus> there = parent.status(name);
    if (there.isPresent() && there.get().type() == FileType.DIRECTORY) {
      return;
    }
    parent.remove(name);
    parent.makeDirectory(name, WHILE_UNPACKING);
    if (there.isPresent() && there.get().isWhiteout()) {
      // what lower layers hold there stays deleted
      try (Directory made = parent.directory(name)) {
        made.setAttribute(OPAQUE, YES);
      }
      tree.opaque().add(EntryPath.join(path));
    }
  }

  /** Makes the file {@code name}, in the place of what this layer has there. */
  OpenFile create(List<UnixPath> parents, UnixPath name) throws IOException {
    if (!resolvedFrom.equals(Optional.of(resolved))) {
      // the file may hide a link that the remembered path led through
      resolvedFrom = Optional.empty();
    }
    try {
      return open(parents).create(name, 0600);
    } catch (FileProblem problem) {
      if (!problem.is(Errno.EEXIST)) {
        throw problem;
      }
    }
    clear(parents, name);
    return open(parents).create(name, 0600);
  }

  /** Removes what this layer has at {@code name}, a directory only if it is empty. */
  void clear(List<UnixPath> parents, UnixPath name) throws IOException {
    Directory parent = open(parents);
    Optional<FileStatus> there = parent.status(name);
    if (there.isEmpty()) {
      return;
    }
    UnixPath path = EntryPath.join(LayerUnpacker.append(parents, name));
    if (there.get().type() == FileType.DIRECTORY) {
      try {
        parent.removeDirectory(name);
      } catch (FileProblem problem) {
        if (problem.is(Errno.ENOTEMPTY)) {
          throw new ArchiveProblem(path + " is to replace a directory that is not empty");
        }
        throw problem;
      }
      metadata.remove(path);
      tree.opaque().remove(path);
    } else {
      parent.remove(name);
    }
    forgetOpen();
  }

  /** Makes the directory hide what lower layers hold in it. */
  void hideLower(List<UnixPath> path) throws IOException {
    open(path).setAttribute(OPAQUE, YES);
    tree.opaque().add(EntryPath.join(path));
    forgetOpen();
  }

  /** Copies a lower layer's file into this one, as overlayfs does before it links or changes it. */
  void copyUp(MergedTree.Found found, List<UnixPath> parents, UnixPath name) throws IOException {
    Directory parent = open(parents);
    UnixPath path = EntryPath.join(parents).resolve(name);
    FileStatus status = found.status();
    switch (status.type()) {
      case REGULAR -> CopyUp.regular(found, path, parent, name);
      case SYMLINK -> {
        try (Directory from = found.layer().directory(EntryPath.join(parents))) {
          parent.makeSymlink(name, from.readLink(name));
        }
        parent.setOwner(name, status.uid(), status.gid());
        parent.setTimes(name, status.modified());
      }
      case FIFO -> {
        parent.makeFifo(name, 0600);
        parent.setOwner(name, status.uid(), status.gid());
        parent.setPermissions(name, status.permissions());
        parent.setTimes(name, status.modified());
      }
      default -> throw new ArchiveProblem("a hard link to " + path + " is not possible");
    }
    forgetOpen();
  }

  void describe(UnixPath path, int permissions, long uid, long gid, FileTime modified)
      throws ArchiveProblem {
    metadata.put(path, permissions, uid, gid, modified);
  }

  /** Gives all directories their modes, owners and times. */
  void finish() throws IOException {
    forgetOpen();
    if (!metadata.has(LayerContent.ROOT)) {
      metadata.putDefault(LayerContent.ROOT);
    }
    metadata.apply(target);
  }

  /** To be called when a link or a removed name may have changed what paths mean. */
  void forgetOpen() {
    open.ifPresent(Directory::close);
    open = Optional.empty();
    openPath = List.of();
    resolvedFrom = Optional.empty();
  }

  @Override
  public void close() {
    forgetOpen();
  }
}
