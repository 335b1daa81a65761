package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Root;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.Mount;
import java.util.List;

/** The program that a policy starts as an image's init ({@code process.init} image). */
final class ImageInit {
  private static final UnixPath SYSTEMD = UnixPath.of("systemd");

  /** It mounts these itself otherwise, and ends where it may not. */
  private static final List<UnixPath> MOUNTED =
      List.of(UnixPath.of("/sys"), UnixPath.of("/run/lock"));

  private static final long MOUNTED_BYTES = 64 << 10;

  private ImageInit() {}

  /** Whether it is systemd, which keeps each service in a control group of its own. */
  static boolean isSystemd(Draft draft) {
    return draft.policy().process().init() == FirstProcess.IMAGE
        && NameResolution.name(target(draft.root(), draft.command().get(0))).equals(SYSTEMD);
  }

  /**
   * What systemd looks for beside what any init is given: {@code /sys}, in which the control groups
   * are, and {@code /run/lock} (systemd.io/CONTAINER_INTERFACE).
   */
  static Draft prepare(Draft draft) {
    if (!isSystemd(draft)) {
      return draft;
    }
    MountTable mounts = new MountTable(draft.policy().filesystem());
    for (UnixPath directory : MOUNTED) {
      mounts.placeIfFree(new Mount.Tmpfs(directory, MOUNTED_BYTES, 0755, false));
    }
    return draft.with(policy -> policy.withFilesystem(mounts.inOrder()));
  }

  /** A name without a slash is not looked for. */
  private static UnixPath target(Root root, UnixPath program) {
    return program.isAbsolute()
        ? NameResolution.follow(new RootTree(root), program).path()
        : program;
  }
}
