package dev.caisson.engine;

import dev.caisson.policy.Mount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What is mounted in a view that is still being changed: one mount for each target. */
final class MountTable {
  private final List<Mount> mounts;

  MountTable(List<Mount> mounts) {
    this.mounts = new ArrayList<>(mounts);
  }

  Stream<Mount> stream() {
    return mounts.stream();
  }

  Stream<Mount.Bind> binds() {
    return stream().filter(Mount.Bind.class::isInstance).map(Mount.Bind.class::cast);
  }

  boolean contains(Mount mount) {
    return mounts.contains(mount);
  }

  /** In place of what has that target. */
  void place(Mount mount) {
    mounts.removeIf(other -> other.target().equals(mount.target()));
    mounts.add(mount);
  }

  /** Unless something has that target. */
  void placeIfFree(Mount mount) {
    if (mounts.stream().noneMatch(other -> other.target().equals(mount.target()))) {
      mounts.add(mount);
    }
  }

  void remove(Mount mount) {
    mounts.remove(mount);
  }

  void changeBinds(UnaryOperator<Mount.Bind> change) {
    mounts.replaceAll(mount -> mount instanceof Mount.Bind bind ? change.apply(bind) : mount);
  }

  /** Outer ones first; what was placed last at the same depth stays last. */
  List<Mount> inOrder() {
    return stream()
        .sorted(Comparator.comparingInt(mount -> mount.target().components().size()))
        .toList();
  }
}
