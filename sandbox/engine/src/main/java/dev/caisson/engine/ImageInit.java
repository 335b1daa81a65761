package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Root;
import dev.caisson.policy.FirstProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The program that a policy starts as an image's init ({@code process.init} image). */
final class ImageInit {
  private static final UnixPath ROOT = UnixPath.of("/");
  private static final UnixPath SYSTEMD = UnixPath.of("systemd");

  private ImageInit() {}

  /** systemd needs control groups that it can write to, and no sandbox is given the host's. */
  static void check(Draft draft) {
    if (draft.policy().process().init() != FirstProcess.IMAGE) {
      return;
    }
    UnixPath program = draft.command().get(0);
    if (NameResolution.name(target(trees(draft.root()), program)).equals(SYSTEMD)) {
      throw new EngineRefusal(
          "start " + program + " as the image's init",
          "it is systemd, which keeps each service in a control group of its own, and a sandbox is"
              + " given none that it may write to",
          "Start the service itself, or an init that needs no control groups: busybox, sysvinit,"
              + " OpenRC, tini");
    }
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

  /** A name without a slash is not looked for. */
  private static UnixPath target(List<UnixPath> trees, UnixPath program) {
    return program.isAbsolute()
        ? NameResolution.follow(path -> at(trees, path), program).path()
        : program;
  }

  private static FileTree.Node at(List<UnixPath> trees, UnixPath path) {
    UnixPath below = NameResolution.relative(ROOT, path);
    HostTree host = new HostTree();
    return trees.stream()
        .map(tree -> host.at(tree.resolve(below)))
        .filter(node -> !(node instanceof FileTree.Node.Absent))
        .findFirst()
        .orElseGet(FileTree.Node.Absent::new);
  }
}
