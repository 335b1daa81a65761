package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Mount;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a policy places inside. Targets are resolved in the new root, never in the host's, whatever
 * links an image holds; sources are opened without following links and compared with what the
 * planner saw.
 */
final class MountSteps {
  private static final int MAX_COPY = 1 << 20;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final HostReader reader;
  private final Set<UnixPath> made = new HashSet<>();
  private final Operand.Slot target;
  private final Operand.Slot source;
  private final Operand.Slot tree;
  private final Operand.Slot value;
  private final Operand.Immediate found;
  private int staged;

  MountSteps(LaunchContext context) {
    c = context;
    b = context.b;
    reader = new HostReader(c.request.host().uid());
    target = b.slot();
    source = b.slot();
    tree = b.slot();
    value = b.slot();
    found = b.zeroes(Linux.STATX_SIZE);
  }

  /** Places everything, parents before children. */
  void placeAll() {
    for (Mount mount : c.policy.filesystem()) {
      place(mount);
    }
  }

  private void place(Mount mount) {
    if (mount instanceof Mount.Bind bind) {
      bind(bind);
    } else if (mount instanceof Mount.Tmpfs tmpfs) {
      tmpfs(tmpfs);
    } else if (mount instanceof Mount.TextFile file) {
      file(file.target(), file.text().getBytes(StandardCharsets.UTF_8));
    } else if (mount instanceof Mount.Copy copy) {
      copy(copy);
    } else if (mount instanceof Mount.Symlink link) {
      symlink(link);
    } else {
      throw new IllegalStateException("unknown mount " + mount);
    }
  }

  private void tmpfs(Mount.Tmpfs tmpfs) {
    String meaning = "mount a tmpfs on " + tmpfs.target();
    openDirectory(meaning, tmpfs.target(), target);
    b.call(meaning, Syscall.FCHDIR, target);
    b.call(
        meaning,
        Syscall.MOUNT,
        b.text("tmpfs"),
        b.text("."),
        b.text("tmpfs"),
        n(Linux.MS_NOSUID | Linux.MS_NODEV),
        b.text("mode=" + Integer.toOctalString(tmpfs.mode()) + ",size=" + tmpfs.size()));
    leave(target);
  }

  private void symlink(Mount.Symlink link) {
    String meaning = "make the link " + link.target();
    openParent(meaning, link.target(), target);
    b.call(meaning, Syscall.SYMLINKAT, b.text(link.link()), target, b.text(name(link.target())))
        .tolerate(Errno.EEXIST);
    b.call(Syscall.CLOSE, target);
  }

  private void copy(Mount.Copy copy) {
    Optional<HostPath> file =
        HostPath.find(copy.source())
            .filter(HostPath::isRegular)
            .filter(path -> reader.maySee(path.real()));
    if (file.isEmpty()) {
      return;
    }
    file(copy.target(), HostFiles.content(copy.source(), MAX_COPY));
  }

  /** A fresh file; what an image has there, a link among it, gives way. */
  private void file(UnixPath path, byte[] content) {
    String meaning = "write " + path;
    openParent(meaning, path, target);
    b.call(meaning, Syscall.UNLINKAT, target, b.text(name(path)), n(0))
        .tolerate(Errno.ENOENT)
        .advise(Errno.EACCES, notItsOwn());
    b.call(
            meaning,
            Syscall.OPENAT,
            target,
            b.text(name(path)),
            n(Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC),
            n(0444))
        .into(source)
        .advise(Errno.EACCES, notItsOwn())
        .advise(Errno.EOVERFLOW, notItsOwn());
    if (content.length > 0) {
      b.call(meaning, Syscall.WRITE, source, b.bytes(content), n(content.length));
    }
    b.call(Syscall.CLOSE, source);
    b.call(Syscall.CLOSE, target);
  }

  /** Why a root that is not the caller's cannot be written to. */
  private String notItsOwn() {
    return c.mapsRange()
        ? "A sandbox started by root runs with other ids, and its root's files are not theirs; run"
            + " as an ordinary user who owns them"
        : "The directory is not the caller's; run as the user who owns it";
  }

  private void bind(Mount.Bind bind) {
    String meaning = "bind " + bind.source() + " on " + bind.target();
    Optional<HostPath> host = HostPath.find(bind.source());
    if (bind.optional() && host.filter(path -> reader.maySee(path.real())).isEmpty()) {
      return;
    }
    HostPath path =
        host.orElseThrow(
            () ->
                new PlanRefusal(
                    meaning,
                    bind.source() + " does not exist or cannot be reached",
                    "Create it, or take the bind out"));
    if (!path.isDirectory() && !path.isRegular()) {
      throw new PlanRefusal(
          meaning,
          bind.source() + " is neither a file nor a directory, but a device, socket or FIFO",
          "Bind a file or directory; devices are listed in the policy's devices");
    }
    refuseWhereRootNeedsMappedBind(meaning, bind, path);
    if (path.isDirectory()) {
      openDirectory(meaning, bind.target(), target);
    } else {
      openFile(meaning, bind.target());
    }
    boolean writable = bind.access() == Mount.Access.READ_WRITE;
    if (bind.system() || !path.isDirectory()) {
      attach(meaning, path, writable);
    } else if (writable) {
      attach(meaning, path, true);
      c.socketsReachable();
      c.notes.add(aboutSockets(bind, "it is writable"));
    } else {
      overlayReadOnly(meaning, path, bind);
    }
    b.call(Syscall.CLOSE, target);
    if (writable) {
      protect(bind);
    }
  }

  private void refuseWhereRootNeedsMappedBind(String meaning, Mount.Bind bind, HostPath path) {
    if (!c.mapsRange()) {
      return;
    }
    if (bind.access() == Mount.Access.READ_WRITE) {
      throw new PlanRefusal(
          meaning,
          "a sandbox started by root runs with other ids, and a writable bind needs an idmapped"
              + " mount, which this version does not make",
          "Run as an ordinary user, or make the bind read-only");
    }
    if (!reader.maySee(path.real())) {
      throw new PlanRefusal(
          meaning,
          "a sandbox started by root runs with other ids, and not everyone may read "
              + path.real()
              + " and enter the directories on its path",
          "Run as the user whose it is, or let others read it (chmod o+rX)");
    }
  }

  /** Opens the source, clones its tree and attaches it at {@code target}. */
  private void attach(String meaning, HostPath path, boolean writable) {
    openSource(meaning, path);
    cloneTree(meaning, true);
    b.call(Syscall.CLOSE, source);
    restrict(meaning, tree, !writable);
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        tree,
        b.text(""),
        target,
        b.text(""),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH | Linux.MOVE_MOUNT_T_EMPTY_PATH));
    b.call(Syscall.CLOSE, tree);
  }

  /**
   * A read-only directory as an overlay with an empty second layer: a socket or FIFO in it is then
   * another inode and reaches no process of the host. Where something is mounted below it, which an
   * overlay would show as empty, or where overlay cannot stack on it, a bind.
   */
  private void overlayReadOnly(String meaning, HostPath path, Mount.Bind bind) {
    String place = "lower" + staged++;
    Label subMounts = b.label();
    Label fallBack = b.label();
    Label done = b.label();
    b.call(meaning, Syscall.MKDIRAT, c.staging, b.text(place), n(0755));
    openSource(meaning, path);
    cloneTree(meaning, false).otherwise(subMounts);
    b.call(Syscall.CLOSE, source);
    attachInStaging(meaning, place);
    b.call(meaning, Syscall.FCHDIR, target);
    b.call(
            meaning,
            Syscall.MOUNT,
            b.text("overlay"),
            b.text("."),
            b.text("overlay"),
            n(Linux.MS_RDONLY | Linux.MS_NOSUID | Linux.MS_NODEV),
            b.text(
                "userxattr,lowerdir="
                    + RootSteps.STAGING_PATH
                    + place
                    + ":"
                    + RootSteps.STAGING_PATH
                    + "empty"))
        .otherwise(fallBack);
    b.call(meaning, Syscall.FCHDIR, c.root);
    b.jump(done);
    b.place(subMounts);
    b.call(Syscall.CLOSE, source);
    b.place(fallBack);
    b.call(meaning, Syscall.FCHDIR, c.root);
    c.socketsReachable();
    say(aboutSockets(bind, "no overlay can cover it, or what is mounted below it"));
    attach(meaning, path, false);
    b.place(done);
  }

  private String aboutSockets(Mount.Bind bind, String why) {
    return bind.target()
        + " is the host's own directory ("
        + why
        + "): "
        + (c.policy.unixSockets()
            ? "sockets of the host in it can be reached"
            : "socket(AF_UNIX) is refused inside, lest it reach a socket of the host there;"
                + " --allow-unix allows it");
  }

  private void say(String note) {
    byte[] line = ("caisson: " + note + "\n").getBytes(StandardCharsets.UTF_8);
    b.call("say that it is a bind", Syscall.WRITE, n(2), b.bytes(line), n(line.length))
        .tolerateAll();
  }

  /** Mounts a read-only clone of {@code source} at {@code place} in staging. */
  void stageSource(String meaning, UnixPath wanted, String place) {
    HostPath path =
        HostPath.find(wanted)
            .filter(HostPath::isDirectory)
            .orElseThrow(
                () ->
                    new PlanRefusal(
                        meaning,
                        "it is no directory that can be reached",
                        "Name a directory that holds a root file system"));
    stage(meaning, path, place);
  }

  private void stage(String meaning, HostPath path, String place) {
    openSource(meaning, path);
    cloneTree(meaning, false)
        .advise(
            Errno.EINVAL,
            "Something is mounted below it that an unprivileged user must not uncover");
    b.call(Syscall.CLOSE, source);
    attachInStaging(meaning, place);
  }

  private void attachInStaging(String meaning, String place) {
    restrict(meaning, tree, true);
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        tree,
        b.text(""),
        c.staging,
        b.text(place),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH));
    b.call(Syscall.CLOSE, tree);
  }

  /** Opens {@code path}, and sees to it that it is still what the planner saw. */
  private void openSource(String meaning, HostPath path) {
    Label same = b.label();
    b.call(
            meaning,
            Syscall.OPENAT2,
            Linux.AT_FDCWD,
            b.text(path.real()),
            how(
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

  /** Clones the mount of the open source, if asked with what is mounted below it. */
  private ProgramBuilder.Call cloneTree(String meaning, boolean recursive) {
    return b.call(
            meaning,
            Syscall.OPEN_TREE,
            source,
            b.text(""),
            n(
                Linux.OPEN_TREE_CLONE
                    | Linux.OPEN_TREE_CLOEXEC
                    | Linux.AT_EMPTY_PATH
                    | (recursive ? Linux.AT_RECURSIVE : 0)))
        .into(tree);
  }

  private void restrict(String meaning, Operand mount, boolean readOnly) {
    long flags = Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV;
    b.call(
        meaning,
        Syscall.MOUNT_SETATTR,
        mount,
        b.text(""),
        n(Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE),
        b.words(readOnly ? flags | Linux.MOUNT_ATTR_RDONLY : flags, 0, 0, 0),
        n(32));
  }

  /**
   * Keeps paths in a writable bind from being changed. Each directory on the way becomes a mount
   * point too, for renaming one would take the protected path away (EBUSY then). Paths that do not
   * exist cannot be protected: the keeper reports those that appear.
   */
  private void protect(Mount.Bind bind) {
    for (UnixPath path : bind.protect()) {
      if (HostFiles.status(bind.source().resolve(path)).isEmpty()) {
        continue;
      }
      List<UnixPath> parts = path.components();
      UnixPath at = bind.target();
      Label absent = b.label();
      for (int i = 0; i < parts.size(); i++) {
        at = at.resolve(parts.get(i));
        boolean last = i == parts.size() - 1;
        protectOne("protect " + at, at, last, absent);
      }
      b.place(absent);
    }
  }

  private void protectOne(String meaning, UnixPath path, boolean readOnly, Label absent) {
    Label present = b.label();
    b.call(
            meaning,
            Syscall.OPENAT2,
            c.root,
            b.text(relative(path)),
            how(Linux.O_PATH | Linux.O_CLOEXEC, Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_SYMLINKS),
            n(24))
        .into(target)
        .tolerate(Errno.ENOENT, Errno.ENOTDIR)
        .advise(
            Errno.ELOOP,
            "It is a symbolic link, which cannot be kept from being replaced; remove it, or name it"
                + " with --allow-write");
    b.jumpIfEqual(target, n(-Errno.ENOENT.number()), absent);
    b.jumpIfEqual(target, n(-Errno.ENOTDIR.number()), absent);
    b.place(present);
    b.call(
            meaning,
            Syscall.OPEN_TREE,
            target,
            b.text(""),
            n(
                Linux.OPEN_TREE_CLONE
                    | Linux.OPEN_TREE_CLOEXEC
                    | Linux.AT_EMPTY_PATH
                    | Linux.AT_RECURSIVE))
        .into(tree);
    if (readOnly) {
      restrict(meaning, tree, true);
    }
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        tree,
        b.text(""),
        target,
        b.text(""),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH | Linux.MOVE_MOUNT_T_EMPTY_PATH));
    b.call(Syscall.CLOSE, tree);
    b.call(Syscall.CLOSE, target);
  }

  /** Opens {@code path} of the new root as a directory, making what is missing of it. */
  void openDirectory(String meaning, UnixPath path, Operand.Slot into) {
    make(meaning, path);
    openIn(meaning, path, OpenFlags.directory(b.architecture()), into);
  }

  private void openParent(String meaning, UnixPath path, Operand.Slot into) {
    openDirectory(meaning, parent(path), into);
  }

  private void openFile(String meaning, UnixPath path) {
    openParent(meaning, path, target);
    b.call(meaning, Syscall.MKNODAT, target, b.text(name(path)), n(Linux.S_IFREG | 0644), n(0))
        .tolerate(Errno.EEXIST);
    b.call(Syscall.CLOSE, target);
    openIn(meaning, path, 0, target);
  }

  private void make(String meaning, UnixPath path) {
    if (path.components().isEmpty() || !made.add(path)) {
      return;
    }
    UnixPath parent = parent(path);
    make(meaning, parent);
    openIn(meaning, parent, OpenFlags.directory(b.architecture()), value);
    b.call(meaning, Syscall.MKDIRAT, value, b.text(name(path)), n(0755)).tolerate(Errno.EEXIST);
    b.call(Syscall.CLOSE, value);
  }

  private void openIn(String meaning, UnixPath path, long flags, Operand.Slot into) {
    b.call(
            meaning,
            Syscall.OPENAT2,
            c.root,
            b.text(relative(path)),
            how(
                Linux.O_PATH | Linux.O_CLOEXEC | flags,
                Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS),
            n(24))
        .into(into)
        .advise(Errno.ENOTDIR, "Something on its path inside is no directory")
        .advise(Errno.ELOOP, "Its path inside leads through a link that must not be followed")
        .advise(Errno.ENOENT, "Its path inside leads through a link to nowhere");
  }

  private Operand.Immediate how(long flags, long resolve) {
    return b.words(flags, 0, resolve);
  }

  private void leave(Operand.Slot fd) {
    b.call("enter the root", Syscall.FCHDIR, c.root);
    b.call(Syscall.CLOSE, fd);
  }

  static UnixPath relative(UnixPath path) {
    List<UnixPath> parts = path.components();
    UnixPath result = UnixPath.of(parts.isEmpty() ? "." : "");
    for (UnixPath part : parts) {
      result = result.bytes().length == 0 ? part : result.resolve(part);
    }
    return result;
  }

  private static UnixPath name(UnixPath path) {
    List<UnixPath> parts = path.components();
    return parts.get(parts.size() - 1);
  }

  private static UnixPath parent(UnixPath path) {
    UnixPath result = UnixPath.of("/");
    List<UnixPath> parts = path.components();
    for (UnixPath part : parts.subList(0, parts.size() - 1)) {
      result = result.resolve(part);
    }
    return result;
  }
}
