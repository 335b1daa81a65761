package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveLimits;
import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.image.tar.TarEntry;
import dev.caisson.image.tar.TarKind;
import dev.caisson.image.tar.TarReader;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.FileType;
import dev.caisson.launch.OpenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Unpacks one layer into a directory, in overlayfs's form: a deleted name is a character device
 * 0:0, a directory that hides lower ones has the attribute user.overlay.opaque. Every entry is made
 * by one name in a directory that was opened beneath the layer's root without following any link,
 * so nothing takes effect outside, whatever the archive says.
 */
public final class LayerUnpacker {
  private static final int STICKY_AND_BELOW = 01777;
  private static final int SET_ID = 06000;
  private static final int MOST_DEVICES = 10_000;

  private final Directory target;
  private final Ownership ownership;
  private final ArchiveLimits limits;
  private final MergedTree tree;
  private final LayerDirectories directories;
  private final Notes notes = new Notes();
  private final Problems problems = new Problems(notes);
  private final Set<UnixPath> leftOut = new HashSet<>();
  private final byte[] buffer = new byte[1 << 16];

  private LayerUnpacker(
      Directory target, List<LowerLayer> lower, Ownership ownership, ArchiveLimits limits) {
    this.target = target;
    this.ownership = ownership;
    this.limits = limits;
    this.tree = new MergedTree(target, lower, notes);
    this.directories = new LayerDirectories(target, tree, ownership);
  }

  /**
   * Unpacks {@code archive} into {@code target}, which is empty and the caller's alone.
   *
   * @param lower the layers beneath, the highest first
   * @throws ArchiveProblem for what the archive says
   * @throws FileProblem for what the file system refuses
   */
  public static LayerContent unpack(
      TarReader archive,
      Directory target,
      List<LowerLayer> lower,
      Ownership ownership,
      ArchiveLimits limits)
      throws IOException {
    LayerUnpacker unpacker = new LayerUnpacker(target, lower, ownership, limits);
    try (LayerDirectories open = unpacker.directories) {
      unpacker.all(archive);
      open.finish();
    }
    return new LayerContent(
        unpacker.tree.dependsOnLower(), unpacker.tree.opaque(), unpacker.notes.list());
  }

  /** Reads on after an entry that is refused, so that all of them can be named. */
  private void all(TarReader archive) throws IOException {
    Optional<TarEntry> entry = next(archive);
    while (entry.isPresent()) {
      try {
        entry(entry.get(), archive);
      } catch (ArchiveProblem problem) {
        problems.add(problem);
      }
      entry = next(archive);
    }
    problems.requireNone();
  }

  private Optional<TarEntry> next(TarReader archive) throws IOException {
    try {
      return archive.next();
    } catch (ArchiveProblem problem) {
      problems.add(problem);
      throw problems.refusal();
    }
  }

  private void entry(TarEntry entry, TarReader archive) throws IOException {
    EntryPath path = EntryPath.of(entry.name(), limits);
    if (path.absolute() && !path.isRoot()) {
      notes.add(
          UnpackNote.Kind.ABSOLUTE_NAME,
          entry.name(),
          "the absolute name is taken beneath the image's root");
    }
    if (path.isRoot()) {
      root(entry);
    } else if (WhiteoutName.isAufs(path.components())) {
      notes.add(UnpackNote.Kind.AUFS, entry.name(), "bookkeeping of aufs is left out");
    } else if (path.parents().stream().anyMatch(WhiteoutName::isWhiteout)) {
      throw new ArchiveProblem("a directory is named like a whiteout: " + entry.name());
    } else if (WhiteoutName.isWhiteout(path.last())) {
      whiteout(entry, path);
    } else {
      make(entry, path, archive);
    }
  }

  private void root(TarEntry entry) throws IOException {
    if (entry.kind() != TarKind.DIRECTORY) {
      throw new ArchiveProblem("the layer's root is no directory but " + entry.name());
    }
    describe(entry, LayerContent.ROOT, target);
  }

  private void whiteout(TarEntry entry, EntryPath path) throws IOException {
    boolean file = entry.kind() == TarKind.REGULAR || entry.kind() == TarKind.HARD_LINK;
    if (!file || entry.size() != 0) {
      throw new ArchiveProblem("the whiteout " + entry.name() + " is no empty file");
    }
    List<UnixPath> parents = tree.resolve(path.parents());
    if (WhiteoutName.isOpaque(path.last())) {
      directories.hideLower(parents);
      return;
    }
    UnixPath name = WhiteoutName.deleted(path.last());
    Optional<FileStatus> own = target.status(EntryPath.join(parents).resolve(name));
    if (own.isPresent()) {
      // a whiteout is about lower layers only; a file of this one hides theirs anyway
      if (own.get().type() == FileType.DIRECTORY) {
        directories.hideLower(append(parents, name));
      }
    } else if (tree.lookBeneath(parents, name).isPresent()) {
      directories.open(parents).makeWhiteout(name);
      directories.forgetOpen();
    }
  }

  private void make(TarEntry entry, EntryPath path, TarReader archive) throws IOException {
    List<UnixPath> parents = directories.resolve(path.parents());
    UnixPath name = path.last();
    UnixPath own = EntryPath.join(parents).resolve(name);
    switch (entry.kind()) {
      case REGULAR -> regular(entry, parents, name, archive);
      case DIRECTORY -> {
        directories.make(parents, name);
        try (Directory made = directories.open(parents).directory(name)) {
          describe(entry, EntryPath.join(append(parents, name)), made);
        }
      }
      case SYMLINK -> {
        directories.clear(parents, name);
        directories.open(parents).makeSymlink(name, entry.link());
        finish(entry, directories.open(parents), name, false);
      }
      case FIFO -> {
        directories.clear(parents, name);
        directories.open(parents).makeFifo(name, 0600);
        finish(entry, directories.open(parents), name, true);
      }
      case HARD_LINK -> hardLink(entry, parents, name);
      case CHARACTER_DEVICE, BLOCK_DEVICE -> {
        device(entry);
        leftOut.add(own);
        if (leftOut.size() > MOST_DEVICES) {
          throw new ArchiveProblem("the layer has more than " + MOST_DEVICES + " device nodes");
        }
      }
    }
  }

  private void regular(TarEntry entry, List<UnixPath> parents, UnixPath name, TarReader archive)
      throws IOException {
    try (OpenFile file = directories.create(parents, name)) {
      int read = archive.read(buffer, 0, buffer.length);
      while (read > 0) {
        file.write(buffer, 0, read);
        read = archive.read(buffer, 0, buffer.length);
      }
      if (ownership.isRange()) {
        file.setOwner(uid(entry), gid(entry));
      }
      Attributes.apply(entry, file::setAttribute, notes);
      file.setTimes(entry.modified());
      file.setPermissions(permissions(entry));
    }
  }

  /** Sets what a link or FIFO can have; neither can have a user's attribute (xattr(7)). */
  private void finish(TarEntry entry, Directory parent, UnixPath name, boolean hasMode)
      throws FileProblem {
    Attributes.leaveOut(entry, notes);
    if (ownership.isRange()) {
      parent.setOwner(name, uid(entry), gid(entry));
    }
    if (hasMode) {
      parent.setPermissions(name, permissions(entry));
    }
    parent.setTimes(name, entry.modified());
    directories.forgetOpen();
  }

  private void describe(TarEntry entry, UnixPath path, Directory directory) throws IOException {
    Attributes.apply(entry, directory::setAttribute, notes);
    directories.describe(path, permissions(entry), uid(entry), gid(entry), entry.modified());
  }

  private void hardLink(TarEntry entry, List<UnixPath> parents, UnixPath name) throws IOException {
    EntryPath link = EntryPath.of(entry.link(), limits);
    if (link.isRoot()) {
      throw new ArchiveProblem(entry.name() + " is a hard link to the root");
    }
    List<UnixPath> linkParents = tree.resolve(link.parents());
    UnixPath linkPath = EntryPath.join(linkParents).resolve(link.last());
    Optional<MergedTree.Found> found = tree.look(linkParents, link.last());
    if (found.isEmpty() && leftOut.contains(linkPath)) {
      device(entry);
      return;
    }
    if (found.isEmpty()) {
      throw new ArchiveProblem(
          entry.name() + " is a hard link to " + entry.link() + ", which the image does not have");
    }
    if (found.get().is(FileType.DIRECTORY)) {
      throw new ArchiveProblem(entry.name() + " is a hard link to a directory, " + entry.link());
    }
    if (linkPath.equals(EntryPath.join(parents).resolve(name))) {
      return;
    }
    if (found.get().layer() != target) {
      directories.copyUp(found.get(), linkParents, link.last());
    }
    directories.clear(parents, name);
    try (Directory from = target.directory(EntryPath.join(linkParents))) {
      from.link(link.last(), directories.open(parents), name);
    }
    directories.forgetOpen();
  }

  private void device(TarEntry entry) throws ArchiveProblem {
    boolean character = entry.kind() != TarKind.BLOCK_DEVICE;
    boolean zero = entry.deviceMajor() == 0 && entry.deviceMinor() == 0;
    if (entry.kind() == TarKind.CHARACTER_DEVICE && zero) {
      throw new ArchiveProblem(
          entry.name() + " is a character device 0:0, which would hide a file of a lower layer");
    }
    String what =
        entry.kind() == TarKind.HARD_LINK
            ? "the link to a device that was left out is left out too"
            : "the "
                + (character ? "character" : "block")
                + " device "
                + entry.deviceMajor()
                + ":"
                + entry.deviceMinor()
                + " is left out";
    notes.add(UnpackNote.Kind.DEVICE, entry.name(), what);
  }

  private int permissions(TarEntry entry) {
    int dropped = entry.permissions() & SET_ID;
    if (dropped != 0) {
      String bits =
          dropped == SET_ID
              ? "setuid and setgid bits are"
              : dropped == 04000 ? "setuid bit is" : "setgid bit is";
      notes.add(UnpackNote.Kind.SET_ID, entry.name(), "the " + bits + " left out");
    }
    return entry.permissions() & STICKY_AND_BELOW;
  }

  private long uid(TarEntry entry) {
    return id(entry, entry.uid(), "user");
  }

  private long gid(TarEntry entry) {
    return id(entry, entry.gid(), "group");
  }

  private long id(TarEntry entry, long id, String what) {
    if (!ownership.isRange()) {
      return 0;
    }
    if (!ownership.holds(id)) {
      notes.add(
          UnpackNote.Kind.OWNER, entry.name(), "the " + what + " " + id + " is outside the range");
    }
    return ownership.host(id);
  }

  static List<UnixPath> append(List<UnixPath> parents, UnixPath name) {
    List<UnixPath> path = new ArrayList<>(parents);
    path.add(name);
    return path;
  }
}
