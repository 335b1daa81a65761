package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveLimits;
import dev.caisson.image.tar.ArchiveProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * A name from an archive as components beneath the layer's root.
 *
 * @param components none of them {@code .} or {@code ..}; empty for the root itself
 * @param absolute true if the archive wrote it with a leading slash
 */
record EntryPath(List<UnixPath> components, boolean absolute) {
  static final UnixPath DOT = UnixPath.of(".");
  static final UnixPath DOTS = UnixPath.of("..");
  private static final int LONGEST_COMPONENT = 255;

  /** Refuses {@code ..}: no honest layer has it (CVE-2007-4559 and its kin). */
  static EntryPath of(UnixPath name, ArchiveLimits limits) throws ArchiveProblem {
    List<UnixPath> components = new ArrayList<>();
    for (UnixPath component : name.components()) {
      if (component.equals(DOTS)) {
        throw new ArchiveProblem("the name " + name + " leads out through ..");
      }
      if (component.bytes().length > LONGEST_COMPONENT) {
        throw new ArchiveProblem("the name " + name + " has a component that is too long");
      }
      if (!component.equals(DOT)) {
        components.add(component);
      }
    }
    if (components.size() > limits.depth()) {
      throw new ArchiveProblem("the name " + name + " is too deep");
    }
    return new EntryPath(List.copyOf(components), name.isAbsolute());
  }

  boolean isRoot() {
    return components.isEmpty();
  }

  UnixPath last() {
    return components.get(components.size() - 1);
  }

  List<UnixPath> parents() {
    return components.subList(0, components.size() - 1);
  }

  /** {@code components} as a path relative to the layer's root. */
  static UnixPath join(List<UnixPath> components) {
    if (components.isEmpty()) {
      return LayerContent.ROOT;
    }
    UnixPath path = components.get(0);
    for (UnixPath component : components.subList(1, components.size())) {
      path = path.resolve(component);
    }
    return path;
  }
}
