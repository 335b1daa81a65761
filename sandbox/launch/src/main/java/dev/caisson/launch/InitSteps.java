package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Protection;
import dev.caisson.policy.TimeOffsets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The sandbox's first process, from its first step until the view of the file system is built. */
final class InitSteps {
  /** Half of what the kernel gives a user by default. */
  private static final String WATCHERS = "64";

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final ControlGroupSteps groups;

  InitSteps(LaunchContext context, ControlGroupSteps groups) {
    c = context;
    b = context.b;
    this.groups = groups;
  }

  /** Ends with the keeper, and maps the ids. */
  void begin() {
    b.call(Syscall.CLOSE, c.aliveWrite);
    b.call(Syscall.CLOSE, c.statusRead);
    endWithKeeper();
    groups.enter();
    if (c.mapsRange()) {
      awaitMap();
    } else {
      mapItself();
    }
    b.call("start a session", Syscall.SETSID);
    if (c.policy.process().sessionKeyring()) {
      joinSessionKeyring();
    }
    if (c.policy.namespaces().cgroup()) {
      b.call("create a cgroup namespace", Syscall.UNSHARE, n(Linux.CLONE_NEWCGROUP));
    }
    c.policy.namespaces().time().ifPresent(this::setClocks);
    refuseNestedNamespaces();
    limitWatchers();
  }

  /** Asks for the signal, then looks whether the keeper was gone by then. */
  private void endWithKeeper() {
    Label alive = b.label();
    Operand.Immediate poll = b.zeroes(8);
    b.call("end with the keeper", Syscall.PRCTL, n(Linux.PR_SET_PDEATHSIG), n(Linux.SIGKILL));
    // its pipe tells, for getppid() is 0 in a new pid namespace
    b.store(4, poll, 0, c.aliveRead);
    b.store(4, poll, 4, n(0));
    b.call("look for the keeper", Syscall.PPOLL, poll, n(1), b.words(0, 0), n(0), n(8)).again();
    b.load(2, c.scratch, poll, 6);
    b.arithmetic(Operation.AND, c.scratch, c.scratch, n(Linux.POLLHUP));
    b.jumpIfEqual(c.scratch, n(0), alive);
    b.call(Syscall.EXIT_GROUP, n(125));
    b.place(alive);
  }

  private void mapItself() {
    c.writeFile("give up changing groups", "/proc/self/setgroups", "deny");
    c.writeFile("map the caller's user id and no other", "/proc/self/uid_map", c.ids.uidLine());
    c.writeFile("map the caller's group id and no other", "/proc/self/gid_map", c.ids.gidLine());
  }

  private void awaitMap() {
    Label mapped = b.label();
    b.call("wait for the id map", Syscall.READ, c.aliveRead, c.buffer, n(1))
        .again()
        .into(c.scratch);
    b.jumpIfEqual(c.scratch, n(1), mapped);
    b.call(Syscall.EXIT_GROUP, n(125));
    b.place(mapped);
    String meaning = "become root of the sandbox";
    b.call("leave the caller's groups", Syscall.SETGROUPS, n(0), n(0));
    if (!c.startedByRoot()) {
      // it has the caller's id, which is mapped
      return;
    }
    b.call(meaning, Syscall.SETRESGID, n(0), n(0), n(0));
    b.call(meaning, Syscall.SETRESUID, n(0), n(0), n(0));
    // a change of ids resets both
    endWithKeeper();
    // the payload's process inherits it, whose network is joined through its pidfd
    b.call("open the payload's process to this one", Syscall.PRCTL, n(Linux.PR_SET_DUMPABLE), n(1));
  }

  /** What this process forks from here on has the clocks; it keeps the host's itself. */
  private void setClocks(TimeOffsets time) {
    b.call("create a time namespace", Syscall.UNSHARE, n(Linux.CLONE_NEWTIME))
        .advise(Errno.EINVAL, "The kernel was built without time namespaces (CONFIG_TIME_NS)");
    String meaning = "set the clocks";
    String offsets = offset("monotonic", time.monotonic()) + offset("boottime", time.boottime());
    b.call(
            meaning,
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text("/proc/self/timens_offsets"),
            n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(c.scratch);
    b.call(meaning, Syscall.WRITE, c.scratch, b.text(offsets), n(offsets.length()))
        .advise(Errno.ERANGE, "A clock inside would be below 0; take a smaller offset");
    b.call(Syscall.CLOSE, c.scratch);
  }

  /** A line as time_namespaces(7) has it: the nanoseconds are never negative. */
  private static String offset(String clock, Duration ahead) {
    return clock + " " + ahead.getSeconds() + " " + ahead.getNano() + "\n";
  }

  private void joinSessionKeyring() {
    ProgramBuilder.Call join =
        b.call(
                "start a session keyring",
                Syscall.KEYCTL,
                n(Linux.KEYCTL_JOIN_SESSION_KEYRING),
                n(0))
            .advise(
                Errno.EDQUOT,
                "The caller's quota of keys is used up (/proc/key-users); as root: sysctl -w"
                    + " kernel.keys.maxkeys=2000, or list session_keyring in the policy's"
                    + " bestEffort");
    if (c.policy.bestEffort().contains(Protection.SESSION_KEYRING)) {
      join.tolerate(Errno.EDQUOT, Errno.ENOSYS, Errno.EPERM, Errno.ENOMEM);
    }
  }

  /** Before the root changes: a /proc with subset=pid has no sys directory. */
  private void refuseNestedNamespaces() {
    if (c.policy.namespaces().nestedUser()) {
      return;
    }
    String meaning = "refuse nested user namespaces";
    Label done = b.label();
    ProgramBuilder.Call open =
        b.call(
                meaning,
                Syscall.OPENAT,
                Linux.AT_FDCWD,
                b.text("/proc/sys/user/max_user_namespaces"),
                n(Linux.O_WRONLY | Linux.O_CLOEXEC))
            .into(c.scratch);
    if (c.policy.bestEffort().contains(Protection.NO_NESTED_NAMESPACES)) {
      open.otherwise(done);
    } else {
      adviseLimit(open, Errno.EROFS);
      adviseLimit(open, Errno.ENOENT);
      adviseLimit(open, Errno.EACCES);
    }
    b.call(meaning, Syscall.WRITE, c.scratch, b.text("0"), n(1));
    b.call(Syscall.CLOSE, c.scratch);
    b.place(done);
  }

  /**
   * Instances of inotify(7) count for the caller too, whose other programs would have none left.
   * Within a container /proc/sys is hidden or read-only.
   */
  private void limitWatchers() {
    Label done = b.label();
    b.call(
            "limit instances of inotify",
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text("/proc/sys/user/max_inotify_instances"),
            n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(c.scratch)
        .tolerate(Errno.ENOENT, Errno.EROFS, Errno.EACCES);
    b.jumpIfLess(n(-4096), c.scratch, done);
    b.call(Syscall.WRITE, c.scratch, b.text(WATCHERS), n(WATCHERS.length()));
    b.call(Syscall.CLOSE, c.scratch);
    b.place(done);
  }

  private static void adviseLimit(ProgramBuilder.Call open, Errno errno) {
    open.advise(
        errno,
        "/proc/sys is read-only or hidden here, as inside a container; list no-nested-namespaces"
            + " in the policy's bestEffort: the seccomp filter alone refuses them then");
  }

  /** Makes every mount private, so that nothing done here is seen outside. */
  void makePrivate() {
    b.call(
            "make the mounts private",
            Syscall.MOUNT,
            n(0),
            b.text("/"),
            n(0),
            n(Linux.MS_REC | Linux.MS_PRIVATE),
            n(0))
        .advise(
            Errno.EPERM,
            "The seccomp filter or Landlock rules of an outer container or sandbox refuse mounts;"
                + " start Caisson outside of it, or let it mount (of Caisson's policies: allow"
                + " @mount, and no landlock)");
  }

  /** Makes the tree at the current directory the root, and lets go of the host's. */
  void pivot() {
    b.call("change the root", Syscall.PIVOT_ROOT, b.text("."), b.text("."));
    b.call("let go of the host's root", Syscall.UMOUNT2, b.text("."), n(Linux.MNT_DETACH));
    b.call("enter the new root", Syscall.CHDIR, b.text("/"));
  }

  void nameHost() {
    if (!c.policy.namespaces().hostname()) {
      return;
    }
    byte[] name = c.policy.process().hostname().getBytes(StandardCharsets.UTF_8);
    b.call("set the host name", Syscall.SETHOSTNAME, b.bytes(name), n(name.length));
  }
}
