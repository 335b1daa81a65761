package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import java.util.List;

/**
 * The control group that programs may make others in, where their init is systemd. It lies below
 * the one with the policy's limits, which no program sees, let alone changes; it is the root of the
 * sandbox's cgroup namespace, and shown as {@code /sys/fs/cgroup}.
 */
final class ProgramGroup {
  static final UnixPath MOUNT = UnixPath.of("/sys/fs/cgroup");

  private static final String NAME = "programs";

  /** No init nests groups as deep; what is left is removed by the next start. */
  private static final long DEEPEST = 100;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final boolean wanted;
  private final TreeRemoval removal;
  private final Operand.Slot file;

  ProgramGroup(LaunchContext context) {
    c = context;
    b = context.b;
    wanted = context.request.controlGroup().forPrograms();
    removal = new TreeRemoval(b, DEEPEST);
    file = b.slot();
  }

  /** Refuses where there is none; no program of this kind does without. */
  void require() {
    ControlGroupPlace place = c.request.controlGroup();
    String needed = "its init is systemd, which keeps each service in a control group of its own";
    if (wanted && place.unified().isEmpty()) {
      throw new PlanRefusal(
          "carry out the policy " + c.policy.name(),
          needed + ", and " + place.lack(),
          place.remedy() + "; or start the service itself");
    }
    if (wanted && !c.policy.namespaces().cgroup()) {
      throw new PlanRefusal(
          "carry out the policy " + c.policy.name(),
          needed + ", and namespaces.cgroup is false",
          "Take that out");
    }
  }

  /** Where the sandbox's processes go, below the group with the limits. */
  String relative(String name) {
    return wanted ? NAME + "/" + name : name;
  }

  /**
   * In the keeper.
   *
   * @param limited the group with the limits
   * @param controllers that it has, as {@code cgroup.subtree_control} takes them
   */
  void make(NumberedDirectory limited, String controllers) {
    if (!wanted) {
      return;
    }
    String meaning = "make a control group for programs";
    Operand directory = limited.directory;
    b.call(meaning, Syscall.MKDIRAT, directory, b.text(NAME), n(0755))
        .into(file)
        .tolerate(Errno.ENOENT, Errno.ENODEV);
    b.jumpIfEqual(file, n(-Errno.ENOENT.number()), limited.again);
    b.jumpIfEqual(file, n(-Errno.ENODEV.number()), limited.again);
    if (!controllers.isEmpty()) {
      Operand name = b.text("cgroup.subtree_control");
      b.call(meaning, Syscall.OPENAT, directory, name, n(Linux.O_WRONLY | Linux.O_CLOEXEC))
          .into(file);
      b.call(meaning, Syscall.WRITE, file, b.text(controllers), n(controllers.length()));
      b.call(Syscall.CLOSE, file);
    }
    if (c.startedByRoot() && c.ids instanceof IdMap.Range range) {
      Operand root = n(range.first());
      for (String name : List.of("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control")) {
        b.call(meaning, Syscall.FCHOWNAT, directory, b.text(relative(name)), root, root, n(0));
      }
    }
  }

  /** In the first process, whose root of groups it is by then. */
  void show(InsidePaths paths) {
    if (!wanted) {
      return;
    }
    String meaning = "mount the control groups on " + MOUNT;
    paths.openDirectory(meaning, MOUNT, file);
    b.call(meaning, Syscall.FCHDIR, file);
    b.call(
        meaning,
        Syscall.MOUNT,
        b.text("cgroup2"),
        b.text("."),
        b.text("cgroup2"),
        n(Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC),
        n(0));
    b.call("enter the root", Syscall.FCHDIR, c.root);
    b.call(Syscall.CLOSE, file);
  }

  /** In the keeper, with the sandbox gone: removes it and what was made in it. */
  void empty(Operand limited) {
    if (wanted) {
      removal.empty(limited);
    }
  }

  /** The steps that the others jump to. */
  void emit() {
    if (wanted) {
      removal.emit();
    }
  }
}
