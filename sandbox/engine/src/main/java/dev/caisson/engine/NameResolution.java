package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Follows a path through a tree as the kernel does (path_resolution(7)). */
final class NameResolution {
  private static final int MAX_LINKS = 40;
  private static final UnixPath ROOT = UnixPath.of("/");
  private static final UnixPath HERE = UnixPath.of(".");
  private static final UnixPath UP = UnixPath.of("..");

  /**
   * Where a path led.
   *
   * @param path the place without links, where {@code node} stands; where it is absent, the first
   *     place on the way that does not exist
   * @param links the places of the links that were followed, in order
   */
  record Place(UnixPath path, FileTree.Node node, List<UnixPath> links) {}

  private NameResolution() {}

  /** What absolute {@code path} leads to in {@code tree}. */
  static Place follow(FileTree tree, UnixPath path) {
    Deque<UnixPath> rest = new ArrayDeque<>(path.components());
    List<UnixPath> walked = new ArrayList<>();
    List<UnixPath> links = new ArrayList<>();
    FileTree.Node node = new FileTree.Node.Directory();
    while (!rest.isEmpty()) {
      UnixPath component = rest.pop();
      if (component.equals(HERE)) {
        continue;
      }
      if (component.equals(UP)) {
        removeLast(walked);
        node = new FileTree.Node.Directory();
        continue;
      }
      walked.add(component);
      node = tree.at(join(walked));
      if (node instanceof FileTree.Node.Link link) {
        if (links.size() == MAX_LINKS) {
          return new Place(join(walked), new FileTree.Node.Absent(), links);
        }
        links.add(join(walked));
        removeLast(walked);
        if (link.text().isAbsolute()) {
          walked.clear();
        }
        push(link.text().components(), rest);
        node = new FileTree.Node.Directory();
      } else if (!(node instanceof FileTree.Node.Directory) && !rest.isEmpty()) {
        return new Place(join(walked), new FileTree.Node.Absent(), links);
      } else if (node instanceof FileTree.Node.Absent) {
        return new Place(join(walked), node, links);
      }
    }
    return new Place(join(walked), node, links);
  }

  /**
   * An absolute path as it is written, with doubled slashes and {@code .} left out.
   *
   * @throws EngineRefusal where it is relative or has {@code ..}
   */
  static UnixPath normal(UnixPath path) {
    if (!path.isAbsolute() || path.components().contains(UP)) {
      throw new EngineRefusal(
          "use " + path + " as a place inside",
          path.isAbsolute() ? "it holds '..'" : "it does not start with /",
          "Write the path from / on");
    }
    return join(path.components().stream().filter(part -> !part.equals(HERE)).toList());
  }

  private static void push(List<UnixPath> components, Deque<UnixPath> rest) {
    for (int i = components.size() - 1; i >= 0; i--) {
      rest.push(components.get(i));
    }
  }

  private static void removeLast(List<UnixPath> walked) {
    if (!walked.isEmpty()) {
      walked.remove(walked.size() - 1);
    }
  }

  /** The last component of {@code path}, which is not the root. */
  static UnixPath name(UnixPath path) {
    return path.components().get(path.components().size() - 1);
  }

  /** The directory that holds {@code path}, by its name alone. */
  static UnixPath parent(UnixPath path) {
    List<UnixPath> components = path.components();
    return join(components.subList(0, Math.max(0, components.size() - 1)));
  }

  /** {@code path}, which lies beneath {@code directory}, without the directory. */
  static UnixPath relative(UnixPath directory, UnixPath path) {
    List<UnixPath> rest =
        path.components().subList(directory.components().size(), path.components().size());
    UnixPath relative = rest.get(0);
    for (UnixPath component : rest.subList(1, rest.size())) {
      relative = relative.resolve(component);
    }
    return relative;
  }

  static UnixPath join(List<UnixPath> components) {
    UnixPath path = ROOT;
    for (UnixPath component : components) {
      path = path.resolve(component);
    }
    return path;
  }
}
