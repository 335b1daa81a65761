package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.policy.Mount;
import java.util.Optional;

/**
 * Directories of the host that are written to in memory only: an overlay whose upper directory lies
 * on the staging tmpfs. A socket or FIFO below is another inode in it and reaches no one.
 */
final class OverlaySteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final SourceTrees sources;
  private int made;

  OverlaySteps(LaunchContext context, SourceTrees sources) {
    c = context;
    b = context.b;
    this.sources = sources;
  }

  /**
   * Mounts an overlay of {@code path} at the open {@code target}.
   *
   * @param tree a mount of it that was made before
   */
  void place(
      String meaning,
      HostPath path,
      Mount.Bind bind,
      Optional<Operand.Slot> tree,
      Operand.Slot target) {
    require(meaning, path, bind);
    String name = "overlay" + made++;
    for (String part : new String[] {"", "/lower", "/upper", "/work"}) {
      b.call(meaning, Syscall.MKDIRAT, c.staging, b.text(name + part), n(0755));
    }
    if (tree.isPresent()) {
      sources.moveToStaging(meaning, tree.get(), name + "/lower");
    } else {
      sources.stage(
          meaning,
          path,
          name + "/lower",
          clone ->
              clone.advise(
                  Errno.EINVAL,
                  "Something is mounted below it, which an overlay would show as empty; make the"
                      + " access ro or rw"));
    }
    String at = RootSteps.STAGING_PATH + name;
    b.call(meaning, Syscall.FCHDIR, target);
    b.call(
            meaning,
            Syscall.MOUNT,
            b.text("overlay"),
            b.text("."),
            b.text("overlay"),
            n(Linux.MS_NOSUID | Linux.MS_NODEV | (bind.exec() ? 0 : Linux.MS_NOEXEC)),
            b.text(
                "userxattr,lowerdir="
                    + at
                    + "/lower,upperdir="
                    + at
                    + "/upper,workdir="
                    + at
                    + "/work"))
        .advise(
            Errno.EINVAL,
            "Overlay cannot stack on its file system, for instance on two overlays already; make"
                + " the access ro or rw")
        .advise(Errno.ENODEV, "The overlay module is not loaded; as root: modprobe overlay");
    b.call(meaning, Syscall.FCHDIR, c.root);
  }

  private void require(String meaning, HostPath path, Mount.Bind bind) {
    if (!path.isDirectory()) {
      throw new PlanRefusal(
          meaning,
          bind.source() + " is no directory, and only directories can be overlaid",
          "Overlay the directory that it is in, or make the access ro");
    }
    if (!c.request.host().tmpfsUserXattrs()) {
      throw new PlanRefusal(
          meaning,
          "this kernel's tmpfs has no user attributes (they came with Linux 6.6), which an overlay"
              + " keeps its notes in",
          "Make the access ro, or use a newer kernel");
    }
  }
}
