package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.FileType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The layer being unpacked on top of those beneath it, as overlayfs will show them. Symbolic links
 * are resolved here, within the merged tree, so that the kernel is only ever asked for paths
 * without any.
 */
final class MergedTree {
  private static final int MOST_LINKS = 40;

  /** Something in the merged tree: which layer shows it, and what it is there. */
  record Found(Directory layer, FileStatus status) {
    boolean is(FileType type) {
      return status.type() == type;
    }
  }

  private final Directory current;
  private final List<LowerLayer> lower;
  private final Notes notes;
  private final Set<UnixPath> opaque = new HashSet<>();
  private boolean dependsOnLower;

  /**
   * @param lower the layers beneath, the highest first
   */
  MergedTree(Directory current, List<LowerLayer> lower, Notes notes) {
    this.current = current;
    this.lower = lower;
    this.notes = notes;
  }

  /** The directories of the current layer that hide lower ones. */
  Set<UnixPath> opaque() {
    return opaque;
  }

  boolean dependsOnLower() {
    return dependsOnLower;
  }

  /**
   * The components of the directory that {@code path} means in the merged tree, without links;
   * parts that do not exist yet are kept as they are.
   */
  List<UnixPath> resolve(List<UnixPath> path) throws IOException {
    Deque<UnixPath> left = new ArrayDeque<>(path);
    List<UnixPath> done = new ArrayList<>();
    int links = 0;
    while (!left.isEmpty()) {
      UnixPath component = left.pop();
      if (component.equals(EntryPath.DOT)) {
        continue;
      }
      if (component.equals(EntryPath.DOTS)) {
        // only links hold it, and as in a chroot it does not lead above the root
        done.subList(Math.max(0, done.size() - 1), done.size()).clear();
        continue;
      }
      Optional<Found> found = look(done, component);
      if (found.isEmpty() || found.get().is(FileType.DIRECTORY)) {
        done.add(component);
      } else if (found.get().is(FileType.SYMLINK)) {
        if (++links > MOST_LINKS) {
          throw new ArchiveProblem(EntryPath.join(path) + " leads through too many symbolic links");
        }
        follow(found.get().layer(), done, component, left);
      } else {
        throw new ArchiveProblem(
            EntryPath.join(path) + " leads through " + found.get().status().type().description());
      }
    }
    return done;
  }

  private void follow(Directory layer, List<UnixPath> done, UnixPath name, Deque<UnixPath> left)
      throws FileProblem {
    UnixPath target;
    try (Directory parent = layer.directory(EntryPath.join(done))) {
      target = parent.readLink(name);
    }
    List<UnixPath> components = target.components();
    if (layer == current && leadsOut(target.isAbsolute(), components, done.size())) {
      notes.addOnce(
          UnpackNote.Kind.LINK,
          EntryPath.join(LayerUnpacker.append(done, name)),
          "what lies behind this link to " + target + " is put beneath the image's root");
    }
    if (target.isAbsolute()) {
      done.clear();
    }
    for (int i = components.size() - 1; i >= 0; i--) {
      left.push(components.get(i));
    }
  }

  /** True for a target that on the host would lie outside of the layer. */
  private static boolean leadsOut(boolean absolute, List<UnixPath> target, int depth) {
    int left = depth;
    for (UnixPath component : target) {
      if (component.equals(EntryPath.DOTS)) {
        left--;
      } else if (!component.equals(EntryPath.DOT)) {
        left++;
      }
      if (left < 0) {
        return true;
      }
    }
    return absolute;
  }

  /** What stands at {@code name} in the directory {@code parents} of the merged tree. */
  Optional<Found> look(List<UnixPath> parents, UnixPath name) throws FileProblem {
    Optional<FileStatus> own = current.status(EntryPath.join(parents).resolve(name));
    if (own.isPresent()) {
      return own.get().isWhiteout() ? Optional.empty() : Optional.of(new Found(current, own.get()));
    }
    return lookBeneath(parents, name);
  }

  /** What the layers beneath show there through the current one. */
  Optional<Found> lookBeneath(List<UnixPath> parents, UnixPath name) throws FileProblem {
    dependsOnLower = true;
    if (hidesLower(parents)) {
      return Optional.empty();
    }
    List<LowerLayer> merged = upToOpaque(lower, LayerContent.ROOT);
    for (int depth = 1; depth <= parents.size() && !merged.isEmpty(); depth++) {
      UnixPath path = EntryPath.join(parents.subList(0, depth));
      merged = upToOpaque(directories(merged, path), path);
    }
    UnixPath path = EntryPath.join(parents).resolve(name);
    for (LowerLayer layer : merged) {
      Optional<FileStatus> status = layer.root().status(path);
      if (status.isPresent()) {
        return status.get().isWhiteout()
            ? Optional.empty()
            : Optional.of(new Found(layer.root(), status.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * The layers that have a directory at {@code path}, down to the first that has something else.
   */
  private static List<LowerLayer> directories(List<LowerLayer> layers, UnixPath path)
      throws FileProblem {
    List<LowerLayer> merged = new ArrayList<>();
    for (LowerLayer layer : layers) {
      Optional<FileStatus> status = layer.root().status(path);
      if (status.isPresent()) {
        if (status.get().type() != FileType.DIRECTORY) {
          return merged;
        }
        merged.add(layer);
      }
    }
    return merged;
  }

  /** True if the current layer has deleted or replaced a directory of the path. */
  private boolean hidesLower(List<UnixPath> path) throws FileProblem {
    for (int depth = 0; depth <= path.size(); depth++) {
      UnixPath prefix = EntryPath.join(path.subList(0, depth));
      Optional<FileStatus> own = current.status(prefix);
      if (opaque.contains(prefix) || own.map(FileStatus::isWhiteout).orElse(false)) {
        return true;
      }
    }
    return false;
  }

  private static List<LowerLayer> upToOpaque(List<LowerLayer> layers, UnixPath path) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).opaque().contains(path)) {
        return layers.subList(0, i + 1);
      }
    }
    return layers;
  }
}
