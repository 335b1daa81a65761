package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Mount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directories of a named root that something is placed in and that belong to an id the sandbox
 * does not have, as in a tree that another user made. Overlay would copy their owner up, which
 * fails with EOVERFLOW, so the sandbox gets its own in a layer above: the names in them stay as
 * they are.
 */
final class AdoptedDirectories {
  private static final int PERMISSIONS = 01777;

  private final UnixPath root;
  private final IdMap ids;
  private final Map<UnixPath, Integer> permissions = new LinkedHashMap<>();

  private AdoptedDirectories(UnixPath root, IdMap ids) {
    this.root = root;
    this.ids = ids;
  }

  /** Those below {@code root} that lead to what {@code policy} places. */
  static AdoptedDirectories of(UnixPath root, EffectivePolicy policy, IdMap ids) {
    AdoptedDirectories directories = new AdoptedDirectories(root, ids);
    for (Mount mount : policy.filesystem()) {
      List<UnixPath> parts = mount.target().components();
      directories.add(parts.subList(0, Math.max(0, parts.size() - 1)));
    }
    return directories;
  }

  /** Up to the first name that is no directory: what lies behind a link is looked up inside. */
  private void add(List<UnixPath> parts) {
    UnixPath path = UnixPath.of("");
    boolean adopted = false;
    for (UnixPath part : parts) {
      path = path.resolve(part);
      Optional<HostEntry> entry =
          HostFiles.status(root.resolve(path)).filter(HostEntry::isDirectory);
      if (entry.isEmpty()) {
        return;
      }
      adopted |= !ids.holds(entry.get().uid(), entry.get().gid());
      if (adopted) {
        permissions.put(path, entry.get().mode() & PERMISSIONS);
      }
    }
  }

  /** Their permissions by their paths relative to the root, parents first. */
  Map<UnixPath, Integer> permissions() {
    return permissions;
  }
}
