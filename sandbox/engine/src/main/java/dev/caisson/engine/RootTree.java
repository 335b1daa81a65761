package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Root;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a sandbox's root holds before anything is placed in it, as far as the caller may read. */
final class RootTree implements FileTree {
  private static final UnixPath ROOT = UnixPath.of("/");
  private static final HostTree HOST = new HostTree();

  private final List<UnixPath> trees;

  RootTree(Root root) {
    trees = trees(root);
  }

  /** Layers, the highest first. */
  private static List<UnixPath> trees(Root root) {
    if (root instanceof Root.Layers image) {
      List<UnixPath> trees = new ArrayList<>();
      image.layers().forEach(layer -> trees.add(image.store().resolve(layer)));
      Collections.reverse(trees);
      return trees;
    }
    return List.of(root instanceof Root.Directory named ? named.path() : ROOT);
  }

  @Override
  public Node at(UnixPath path) {
    UnixPath below = NameResolution.relative(ROOT, path);
    return trees.stream()
        .map(tree -> HOST.at(tree.resolve(below)))
        .filter(node -> !(node instanceof Node.Absent))
        .findFirst()
        .orElseGet(Node.Absent::new);
  }
}
