package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.RootAccess;

/**
 * Where a writable root's changes go on a kernel whose tmpfs has no user attributes (before Linux
 * 6.6): an overlay needs them to replace a directory. It is a directory on disk, named by the
 * keeper's process id and locked by it; the keeper removes it when the sandbox is gone, and the
 * next start removes what a killed keeper left.
 */
final class UpperDirectory {
  /** Below the staging tmpfs. */
  private static final String MOUNTED = "written";

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final TreeRemoval removal;
  private final boolean needed;
  private final NumberedDirectory place;

  /** It, opened in the sandbox's own mount namespace. */
  private final Operand.Slot inside;

  UpperDirectory(LaunchContext context) {
    c = context;
    b = context.b;
    removal = new TreeRemoval(b, TreeRemoval.PATIENCE);
    needed =
        c.policy.root() == RootAccess.WRITABLE
            && !(c.request.root() instanceof Root.HostView)
            && !c.request.host().tmpfsUserXattrs();
    inside = b.slot();
    place = new NumberedDirectory(b, c.request.runtimeDirectory().resolve(UnixPath.of("")));
    if (needed && c.policy.limits().tmpfs().isPresent()) {
      throw new PlanRefusal(
          "limit what is written to the root",
          "this kernel's tmpfs has no user attributes (Linux 6.6), so that lies on the disk",
          "Make the root read-only, or take limits.tmpfs out");
    }
    if (needed) {
      c.notes.add(
          "this kernel's tmpfs has no user attributes (Linux 6.6): what is written to the root"
              + " lies in "
              + c.request.runtimeDirectory()
              + " until the end");
    }
  }

  /** In the keeper: makes the directory and locks it. */
  void make() {
    if (!needed) {
      return;
    }
    String meaning = "make a directory for what is written to the root";
    place.make(meaning, 0711);
    for (String name : new String[] {"upper", "work"}) {
      b.call(meaning, Syscall.MKDIRAT, place.directory, b.text(name), n(0755))
          .into(c.scratch)
          .tolerate(Errno.ENOENT);
      b.jumpIfEqual(c.scratch, n(-Errno.ENOENT.number()), place.again);
      if (c.ids instanceof IdMap.Range range) {
        b.call(
            meaning,
            Syscall.FCHOWNAT,
            place.directory,
            b.text(name),
            n(range.first()),
            n(range.first()),
            n(0));
      }
    }
  }

  /** In the first process, with the caller's own ids still: opens it in this mount namespace. */
  void open() {
    if (needed) {
      b.call(
              "open the directory for what is written to the root",
              Syscall.OPENAT,
              Linux.AT_FDCWD,
              place.path,
              n(NumberedDirectory.flags(b, Linux.O_PATH)))
          .into(inside);
    }
  }

  /** In the first process: the options that name the overlay's upper and work directories. */
  String options(RootSteps root) {
    if (!needed) {
      root.makeDirectory("upper", 0755);
      root.makeDirectory("work", 0755);
      return options(RootSteps.STAGING_PATH);
    }
    String meaning = "mount the directory for what is written to the root";
    Operand.Slot tree = b.slot();
    root.makeDirectory(MOUNTED, 0755);
    b.call(
            meaning,
            Syscall.OPEN_TREE,
            inside,
            b.text(""),
            n(Linux.OPEN_TREE_CLONE | Linux.OPEN_TREE_CLOEXEC | Linux.AT_EMPTY_PATH))
        .into(tree);
    b.call(
        meaning,
        Syscall.MOUNT_SETATTR,
        tree,
        b.text(""),
        n(Linux.AT_EMPTY_PATH),
        b.words(Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV, 0, 0, 0),
        n(32));
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        tree,
        b.text(""),
        c.staging,
        b.text(MOUNTED),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH));
    b.call(Syscall.CLOSE, tree);
    b.call(Syscall.CLOSE, inside);
    // it goes at the end: nothing of it need reach the disk
    return "volatile," + options(RootSteps.STAGING_PATH + MOUNTED + "/");
  }

  private static String options(String at) {
    return "upperdir=" + at + "upper,workdir=" + at + "work";
  }

  /** In the keeper, with the sandbox gone: removes it. */
  void remove() {
    if (!needed) {
      return;
    }
    Label none = b.label();
    b.jumpIfEqual(place.directory, n(0), none);
    removal.empty(place.directory);
    b.call(Syscall.UNLINKAT, Linux.AT_FDCWD, place.path, n(Linux.AT_REMOVEDIR)).tolerateAll();
    b.place(none);
  }

  /** The steps that the others jump to. */
  void emit() {
    if (needed) {
      removal.emit();
    }
  }
}
