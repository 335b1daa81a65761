package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.ProcView;
import java.util.List;
import java.util.Optional;

/** /proc, and what the policy hides or keeps read-only. */
final class ProcSteps {
  static final UnixPath PROC = UnixPath.of("/proc");
  private static final UnixPath OPENED = UnixPath.of("/proc/self/fd/" + LaunchContext.REOPEN);

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final InsidePaths paths;
  private final Operand.Slot directory;
  private final Operand.Slot hostRoot;
  private final Operand.Slot result;

  ProcSteps(LaunchContext context, InsidePaths paths) {
    c = context;
    b = context.b;
    this.paths = paths;
    directory = b.slot();
    hostRoot = b.slot();
    result = b.slot();
  }

  /** Mounts /proc as the policy says. */
  void mount() {
    if (c.policy.proc() == ProcView.NONE) {
      return;
    }
    String options =
        switch (c.policy.proc()) {
          case FULL -> "";
          case MASKED -> "hidepid=2";
          default -> "hidepid=2,subset=pid";
        };
    long readOnly = isReadOnly(c.policy) ? Linux.MS_RDONLY : 0;
    paths.openDirectory("mount /proc", PROC, directory);
    b.call("mount /proc", Syscall.FCHDIR, directory);
    Label mounted = b.label();
    if (c.payloadIsInit()) {
      asThePayloadSees(mounted);
    }
    b.call(
            "mount /proc",
            Syscall.MOUNT,
            b.text("proc"),
            b.text("."),
            b.text("proc"),
            n(Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC | readOnly),
            b.text(options))
        .advise(
            Errno.EPERM,
            "The /proc of this process is masked, as inside Docker, Kubernetes or another sandbox,"
                + " and the kernel then refuses a new one. Use a policy with \"proc\": \"none\", or"
                + " start the outer container with an unmasked /proc");
    if (c.payloadIsInit()) {
      b.call(Syscall.EXIT_GROUP, n(0));
      b.place(mounted);
    }
    b.call("enter the root", Syscall.FCHDIR, c.root);
    b.call(Syscall.CLOSE, directory);
  }

  /**
   * A /proc shows the pid namespace of the process that mounts it, so a child in the payload's does
   * what follows; this process goes on at {@code done} when it has.
   */
  private void asThePayloadSees(Label done) {
    String meaning = "mount the /proc of the payload's pid namespace";
    Operand.Slot child = b.slot();
    Label start = b.label();
    c.fork(meaning, 0, child, start);
    b.call(meaning, Syscall.WAIT4, child, c.buffer, n(0), n(0)).again();
    b.load(4, child, c.buffer, 0);
    b.jumpIfEqual(child, n(0), done);
    // it has told why
    b.call(Syscall.EXIT_GROUP, n(125));
    b.place(start);
  }

  /**
   * Nothing in /proc is written, where not all of it was asked for. What makes user namespaces of
   * its own writes their maps there.
   */
  static boolean isReadOnly(EffectivePolicy policy) {
    return policy.proc() != ProcView.FULL && !policy.namespaces().nestedUser();
  }

  /** Hides the masked paths behind an empty file or directory; those that do not exist are left. */
  void mask() {
    if (isWhole()) {
      maskProc();
    }
    for (UnixPath path : notInProc(c.policy.maskedPaths())) {
      resolved(path, () -> maskAt(OPENED, RootSteps.STAGING_PATH, Optional.empty()));
    }
    for (UnixPath path : notInProc(c.policy.readOnlyPaths())) {
      String meaning = "make " + path + " read-only";
      resolved(path, () -> bindOnItself(meaning, OPENED));
      // what was opened is what the bind covers
      resolved(path, () -> setReadOnly(meaning, OPENED));
    }
  }

  private static List<UnixPath> notInProc(List<UnixPath> paths) {
    return paths.stream().filter(path -> !path.startsWith(PROC)).toList();
  }

  private static UnixPath relativeToProc(UnixPath path) {
    byte[] bytes = path.bytes();
    return UnixPath.of(java.util.Arrays.copyOfRange(bytes, "/proc/".length(), bytes.length));
  }

  /** Whether there is more in it than processes. */
  private boolean isWhole() {
    return c.policy.proc() == ProcView.MASKED || c.policy.proc() == ProcView.FULL;
  }

  /** Masks what lies in /proc from within, with staging as the root: the paths are short then. */
  private void maskProc() {
    String meaning = "mask /proc";
    paths.openDirectory(meaning, PROC, directory);
    b.call(meaning, Syscall.OPENAT, Linux.AT_FDCWD, b.text("/"), n(Linux.O_PATH | Linux.O_CLOEXEC))
        .into(hostRoot);
    b.call(meaning, Syscall.CHROOT, b.text(RootSteps.STAGING_PATH));
    b.call(meaning, Syscall.FCHDIR, directory);
    b.call(Syscall.CLOSE, directory);
    for (UnixPath path : c.policy.maskedPaths()) {
      if (path.startsWith(PROC)) {
        maskAt(relativeToProc(path), "/", HostFiles.statusOfTarget(path));
      }
    }
    for (UnixPath path : c.policy.readOnlyPaths()) {
      if (path.startsWith(PROC) && !isReadOnly(c.policy)) {
        makeReadOnly(relativeToProc(path));
      }
    }
    b.call(meaning, Syscall.FCHDIR, hostRoot);
    b.call(meaning, Syscall.CHROOT, b.text("."));
    b.call(Syscall.CLOSE, hostRoot);
    b.call("enter the root", Syscall.FCHDIR, c.root);
  }

  /** The host's entry tells which mask fits; where it has changed since, the other is tried. */
  private void maskAt(UnixPath path, String masks, Optional<HostEntry> onHost) {
    Label done = b.label();
    String meaning = "mask " + path;
    boolean directory = onHost.filter(HostEntry::isDirectory).isPresent();
    maskWith(meaning, masks + (directory ? "empty" : "mask"), path)
        .into(result)
        .tolerate(Errno.ENOENT, Errno.ENOTDIR);
    b.jumpIfNotEqual(result, n(-Errno.ENOTDIR.number()), done);
    maskWith(meaning, masks + (directory ? "mask" : "empty"), path);
    b.place(done);
  }

  private ProgramBuilder.Call maskWith(String meaning, String mask, UnixPath path) {
    return b.call(meaning, Syscall.MOUNT, b.text(mask), b.text(path), n(0), n(Linux.MS_BIND), n(0));
  }

  private void makeReadOnly(UnixPath path) {
    Label done = b.label();
    String meaning = "make " + path + " read-only";
    bindOnItself(meaning, path).into(result).tolerate(Errno.ENOENT);
    b.jumpIfNotEqual(result, n(0), done);
    setReadOnly(meaning, path);
    b.place(done);
  }

  private ProgramBuilder.Call bindOnItself(String meaning, UnixPath path) {
    return b.call(
        meaning,
        Syscall.MOUNT,
        b.text(path),
        b.text(path),
        n(0),
        n(Linux.MS_BIND | Linux.MS_REC),
        n(0));
  }

  private void setReadOnly(String meaning, UnixPath path) {
    b.call(
        meaning,
        Syscall.MOUNT_SETATTR,
        Linux.AT_FDCWD,
        b.text(path),
        n(Linux.AT_RECURSIVE),
        b.words(Linux.MOUNT_ATTR_RDONLY, 0, 0, 0),
        n(32));
  }

  /** Runs {@code steps} with {@code path} of the new root open at a known descriptor, if it is. */
  private void resolved(UnixPath path, Runnable steps) {
    Label done = b.label();
    b.call(
            "look for " + path,
            Syscall.OPENAT2,
            c.root,
            b.text(InsidePaths.relative(path)),
            InsidePaths.how(
                b,
                Linux.O_PATH | Linux.O_CLOEXEC,
                Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS),
            n(24))
        .into(directory)
        .tolerate(Errno.ENOENT, Errno.ENOTDIR);
    b.jumpIfEqual(directory, n(-Errno.ENOENT.number()), done);
    b.jumpIfEqual(directory, n(-Errno.ENOTDIR.number()), done);
    b.call("hide " + path, Syscall.DUP3, directory, n(LaunchContext.REOPEN), n(Linux.O_CLOEXEC));
    steps.run();
    b.call(Syscall.CLOSE, directory);
    b.place(done);
  }
}
