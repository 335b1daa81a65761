package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import java.util.function.Consumer;

/**
 * Files and directories of the host that are shown. They are opened without following links, and
 * compared with what the planner saw.
 */
final class SourceTrees {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot source;
  private final Operand.Slot tree;
  private final Operand.Slot value;
  private final Operand.Immediate found;

  SourceTrees(LaunchContext context) {
    c = context;
    b = context.b;
    source = b.slot();
    tree = b.slot();
    value = b.slot();
    found = b.zeroes(Linux.STATX_SIZE);
  }

  /** Opens {@code path}, clones its tree and attaches it at the open {@code target}. */
  void attach(String meaning, HostPath path, Operand.Slot target, boolean writable, boolean exec) {
    open(meaning, path);
    clone(meaning, source, true);
    b.call(Syscall.CLOSE, source);
    restrict(meaning, attributes(writable, exec));
    moveTo(meaning, tree, target);
  }

  /** Attaches at the open {@code target} what is mounted at it already, as a mount of its own. */
  void attachItself(String meaning, Operand.Slot target, boolean writable) {
    clone(meaning, target, true);
    if (!writable) {
      restrict(meaning, attributes(false, true));
    }
    moveTo(meaning, tree, target);
  }

  /**
   * Opens {@code path} and clones its tree into {@code made}, its ids mapped as in a user
   * namespace. What is read-only is cloned without what is mounted below it.
   */
  void openMapped(
      String meaning,
      HostPath path,
      boolean writable,
      boolean exec,
      Operand.Slot namespace,
      Operand.Slot made) {
    Operand.Immediate attributes = b.zeroes(32);
    open(meaning, path);
    clone(meaning, source, writable);
    b.call(Syscall.CLOSE, source);
    b.store(8, attributes, 0, n(Linux.MOUNT_ATTR_IDMAP | attributes(writable, exec)));
    b.store(8, attributes, 16, n(Linux.MS_PRIVATE));
    b.store(8, attributes, 24, namespace);
    b.call(
            meaning,
            Syscall.MOUNT_SETATTR,
            tree,
            b.text(""),
            n(Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE),
            attributes,
            n(32))
        .advise(
            Errno.EINVAL,
            "The ids of its file system, or of one mounted below it, cannot be mapped (as of FUSE,"
                + " NFS and overlayfs); run as the user whose it is")
        .advise(
            Errno.EPERM,
            "It is mapped already, or root may not map it here, as in a container; run as the user"
                + " whose it is");
    b.set(made, tree);
  }

  void moveTo(String meaning, Operand.Slot moved, Operand.Slot target) {
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        moved,
        b.text(""),
        target,
        b.text(""),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH | Linux.MOVE_MOUNT_T_EMPTY_PATH));
    b.call(Syscall.CLOSE, moved);
  }

  /**
   * Mounts a read-only clone of the directory that is to be the root at {@code place} in staging.
   */
  void stageRoot(String meaning, UnixPath wanted, String place) {
    HostPath path =
        HostPath.find(wanted)
            .filter(HostPath::isDirectory)
            .orElseThrow(
                () ->
                    new PlanRefusal(
                        meaning,
                        "it is no directory that can be reached",
                        "Name a directory that holds a root file system"));
    stage(
        meaning,
        path,
        place,
        call ->
            call.advise(
                Errno.EINVAL,
                "Something is mounted below it that an unprivileged user must not uncover"));
  }

  /**
   * Mounts a read-only clone of {@code path}, without what is mounted below it, at {@code place} in
   * staging.
   *
   * @param clone says more of the step that clones, which fails where a mount below is locked
   */
  void stage(String meaning, HostPath path, String place, Consumer<ProgramBuilder.Call> clone) {
    open(meaning, path);
    clone.accept(clone(meaning, source, false));
    b.call(Syscall.CLOSE, source);
    restrict(meaning, attributes(false, true));
    moveToStaging(meaning, tree, place);
  }

  void moveToStaging(String meaning, Operand.Slot moved, String place) {
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        moved,
        b.text(""),
        c.staging,
        b.text(place),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH));
    b.call(Syscall.CLOSE, moved);
  }

  /** Closes the source that a failed clone left open. */
  void closeSource() {
    b.call(Syscall.CLOSE, source);
  }

  /** Opens {@code path}, and sees to it that it is still what the planner saw. */
  private void open(String meaning, HostPath path) {
    Label same = b.label();
    b.call(
            meaning,
            Syscall.OPENAT2,
            Linux.AT_FDCWD,
            b.text(path.real()),
            InsidePaths.how(
                b,
                Linux.O_PATH | Linux.O_CLOEXEC,
                Linux.RESOLVE_NO_SYMLINKS | Linux.RESOLVE_NO_MAGICLINKS),
            n(24))
        .into(source)
        .advise(Errno.ELOOP, "A directory on its path became a symbolic link in the meantime")
        .advise(Errno.ENOENT, "It was removed in the meantime")
        .advise(Errno.EACCES, "The sandbox's user may not enter a directory on its path");
    b.call(
        meaning,
        Syscall.STATX,
        source,
        b.text(""),
        n(Linux.AT_EMPTY_PATH),
        n(Linux.STATX_BASIC),
        found);
    Label changed = b.label();
    b.load(8, value, found, Linux.STATX_INO);
    b.jumpIfNotEqual(value, n(path.inode()), changed);
    b.load(8, value, found, Linux.STATX_DEV);
    b.jumpIfNotEqual(value, n(path.device()), changed);
    b.load(2, value, found, Linux.STATX_MODE);
    b.arithmetic(Operation.AND, value, value, n(Linux.S_IFMT));
    b.jumpIfEqual(value, n(path.mode() & Linux.S_IFMT), same);
    b.place(changed);
    b.fail(meaning + ": another file stands there now than when the launch was planned");
    b.place(same);
  }

  /** Clones the mount of what is open, if asked with what is mounted below it. */
  private ProgramBuilder.Call clone(String meaning, Operand.Slot opened, boolean recursive) {
    return b.call(
            meaning,
            Syscall.OPEN_TREE,
            opened,
            b.text(""),
            n(
                Linux.OPEN_TREE_CLONE
                    | Linux.OPEN_TREE_CLOEXEC
                    | Linux.AT_EMPTY_PATH
                    | (recursive ? Linux.AT_RECURSIVE : 0)))
        .into(tree);
  }

  private static long attributes(boolean writable, boolean exec) {
    return Linux.MOUNT_ATTR_NOSUID
        | Linux.MOUNT_ATTR_NODEV
        | (writable ? 0 : Linux.MOUNT_ATTR_RDONLY)
        | (exec ? 0 : Linux.MOUNT_ATTR_NOEXEC);
  }

  private void restrict(String meaning, long flags) {
    b.call(
        meaning,
        Syscall.MOUNT_SETATTR,
        tree,
        b.text(""),
        n(Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE),
        b.words(flags, 0, 0, 0),
        n(32));
  }
}
