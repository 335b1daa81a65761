package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The keeper, from its start until the sandbox's first process exists. */
final class KeeperSteps {
  /** Descriptors a spawned keeper is started with: its end means the parent is gone. */
  static final int PARENT_ALIVE = 3;

  /** Where a spawned keeper reports: 16 bytes {step, errno}, or its end once the payload runs. */
  static final int REPORT = 4;

  /** The socket on which a payload that is supervised says that its filter is loaded. */
  static final int SUPERVISOR = 5;

  private final LaunchContext c;
  private final ProgramBuilder b;

  /** Not 0 where the caller ignores SIGHUP, as under nohup(1). */
  final Operand.Slot hangupIgnored;

  KeeperSteps(LaunchContext context) {
    c = context;
    b = context.b;
    hangupIgnored = b.slot();
  }

  /** Undoes what the JVM left: signals, descriptors, name, out-of-memory score. */
  void cleanUp() {
    b.call("block signals", Syscall.RT_SIGPROCMASK, n(Linux.SIG_SETMASK), b.words(-1L), n(0), n(8));
    Operand.Immediate action = b.zeroes(32);
    b.call("read the disposition of SIGHUP", Syscall.RT_SIGACTION, n(1), n(0), action, n(8));
    b.load(8, hangupIgnored, action, 0);
    Label honoured = b.label();
    b.jumpIfEqual(hangupIgnored, n(Linux.SIG_IGN), honoured);
    b.set(hangupIgnored, n(0));
    b.place(honoured);
    resetDispositions();
    b.call("name the keeper", Syscall.PRCTL, n(Linux.PR_SET_NAME), b.text("caisson")).tolerateAll();
    closeInherited();
    raiseOutOfMemoryScore();
    b.call(Syscall.UMASK, n(0)).into(c.callerUmask);
  }

  /** All but the three streams, the channels to a process that spawns, and listed secrets. */
  private void closeInherited() {
    int last = c.request.notification().isPresent() ? SUPERVISOR : REPORT;
    long first = c.request.mode() == Mode.SPAWNED ? last + 1 : 3;
    for (int kept : secretDescriptors()) {
      if (kept > first) {
        closeRange(first, kept - 1L);
      }
      first = Math.max(first, kept + 1L);
    }
    closeRange(first, Linux.LAST_DESCRIPTOR);
  }

  private List<Integer> secretDescriptors() {
    List<Integer> numbers = new ArrayList<>();
    for (Secret secret : c.policy.secrets()) {
      if (secret.source() instanceof Secret.Descriptor descriptor) {
        numbers.add(descriptor.number());
      }
    }
    numbers.sort(Comparator.naturalOrder());
    return numbers;
  }

  private void closeRange(long first, long last) {
    b.call("close inherited descriptors", Syscall.CLOSE_RANGE, n(first), n(last))
        .advise(Errno.ENOSYS, "The kernel is older than 5.12, the oldest that Caisson runs on");
  }

  private void resetDispositions() {
    Operand.Immediate standard = b.zeroes(32);
    b.set(c.scratch, n(1));
    Label next = b.label();
    b.place(next);
    b.call(Syscall.RT_SIGACTION, c.scratch, standard, n(0), n(8)).tolerate(Errno.EINVAL);
    b.add(c.scratch, c.scratch, n(1));
    b.jumpIfLess(c.scratch, n(Linux.LAST_SIGNAL + 1), next);
  }

  /**
   * A protected parent's negative score would spare the workload; a higher one cannot be lowered.
   */
  private void raiseOutOfMemoryScore() {
    Label done = b.label();
    b.call(
            "let the workload be killed first where memory is used up",
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text("/proc/self/oom_score_adj"),
            n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(c.scratch)
        .otherwise(done);
    b.call(Syscall.WRITE, c.scratch, b.text("0"), n(1)).tolerateAll();
    b.call(Syscall.CLOSE, c.scratch);
    b.place(done);
  }

  /**
   * Holds a shared lock on every layer in use, so that no collection removes it. After everything
   * else is open: a fork may put descriptors at numbers that only copies of these have by then.
   */
  void lockLayers() {
    for (UnixPath layer : c.request.lockedLayers()) {
      b.call(
              "open the layer " + layer,
              Syscall.OPENAT,
              Linux.AT_FDCWD,
              b.text(layer),
              n(Linux.O_RDONLY | Linux.O_CLOEXEC))
          .into(c.scratch)
          .advise(Errno.ENOENT, "It was removed in the meantime; run the command again")
          .advise(Errno.EMFILE, "Raise the limit of open files (ulimit -n)");
      b.call("lock the layer " + layer, Syscall.FLOCK, c.scratch, n(Linux.LOCK_SH_NB))
          .advise(Errno.EAGAIN, "It is being removed just now; run the command again");
    }
  }

  /**
   * A compiled launcher runs at any time: it refuses another caller, kernel or Landlock than those
   * it was planned for.
   */
  void checkHost() {
    if (c.request.mode() != Mode.COMPILED) {
      return;
    }
    var host = c.request.host();
    b.load(8, c.scratch, new Operand.Slot(LaunchProgram.STACK_POINTER_SLOT), 0);
    require(n(1), "run this launcher: it takes no arguments; its command was compiled in");
    b.call(Syscall.GETEUID).into(c.scratch);
    require(n(host.uid()), "run this launcher: it was compiled for user id " + host.uid());
    b.call(Syscall.GETEGID).into(c.scratch);
    require(n(host.gid()), "run this launcher: it was compiled for group id " + host.gid());
    b.call(Syscall.LANDLOCK_CREATE_RULESET, n(0), n(0), n(1))
        .into(c.scratch)
        .tolerate(Errno.ENOSYS, Errno.EOPNOTSUPP);
    if (host.landlockAbi() > 0) {
      require(
          n(host.landlockAbi()),
          "run this launcher: it was compiled for Landlock ABI "
              + host.landlockAbi()
              + "; compile it again on this kernel");
    }
    checkKernel(host.kernel().toString());
  }

  private void checkKernel(String version) {
    String meaning =
        "run this launcher: it was compiled for kernel " + version + "; compile it again";
    Operand.Immediate name = b.zeroes(6 * 65);
    b.call("read the kernel's version", Syscall.UNAME, name);
    // struct utsname: the release is the third of its texts of 65 bytes
    for (int i = 0; i < version.length(); i++) {
      b.load(1, c.scratch, name, 2 * 65 + i);
      require(n(version.charAt(i)), meaning);
    }
    Label other = b.label();
    b.load(1, c.scratch, name, 2 * 65 + version.length());
    b.jumpIfLess(c.scratch, n('0'), other);
    b.jumpIfLess(n('9'), c.scratch, other);
    b.fail(meaning);
    b.place(other);
  }

  private void require(Operand expected, String meaning) {
    Label same = b.label();
    b.jumpIfEqual(c.scratch, expected, same);
    b.fail(meaning);
    b.place(same);
  }

  /** Goes to the directory that the sandbox's mounts hang from. */
  void enterBase(UnixPath base) {
    b.call("enter " + base, Syscall.CHDIR, b.text(base))
        .advise(Errno.ENOENT, "It was there when the launch was planned; run caisson once more");
  }

  /** Makes the pipes and descriptors by which the keeper and the sandbox talk. */
  void openChannels() {
    c.pipe("make the status pipe", c.statusRead, c.statusWrite);
    c.pipe("make the keeper's pipe", c.aliveRead, c.aliveWrite);
    b.call(
            "receive signals",
            Syscall.SIGNALFD4,
            n(-1),
            b.words(-1L),
            n(8),
            n(Linux.O_CLOEXEC | Linux.O_NONBLOCK))
        .into(c.signals);
    b.set(c.timer, n(-1));
    c.policy
        .limits()
        .wallClock()
        .ifPresent(
            limit -> {
              b.call(
                      "make a timer",
                      Syscall.TIMERFD_CREATE,
                      n(1),
                      n(Linux.O_CLOEXEC | Linux.O_NONBLOCK))
                  .into(c.timer);
              setTimer("limit the run to " + limit.toMillis() + " ms", limit);
            });
  }

  void setTimer(String meaning, Duration time) {
    b.call(
        meaning,
        Syscall.TIMERFD_SETTIME,
        c.timer,
        n(0),
        b.words(0, 0, time.getSeconds(), Math.max(time.getNano(), 1)),
        n(0));
  }

  /** Starts the sandbox's first process, which goes on at {@code start}. */
  void startInit(Label start) {
    long namespaces = Linux.CLONE_NEWUSER | Linux.CLONE_NEWNS | Linux.CLONE_NEWPID;
    if (c.policy.namespaces().ipc()) {
      namespaces |= Linux.CLONE_NEWIPC;
    }
    if (c.policy.namespaces().hostname()) {
      namespaces |= Linux.CLONE_NEWUTS;
    }
    b.call(
            "create the sandbox's namespaces",
            Syscall.CLONE,
            n(namespaces | Linux.SIGCHLD),
            n(0),
            n(0),
            n(0),
            n(0))
        .into(c.init)
        .advise(
            Errno.EPERM,
            "This host refuses user namespaces to this process: a sysctl"
                + " (kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns),"
                + " the seccomp filter of an outer container or sandbox, or a chroot. 'caisson doctor' tells"
                + " which and what to do")
        .advise(
            Errno.ENOSPC,
            "The limit of user namespaces is 0 or used up; as root: sysctl -w"
                + " user.max_user_namespaces=15000. Inside another sandbox its policy refuses it")
        .advise(Errno.EUSERS, "User namespaces are nested too deeply here")
        .advise(Errno.ENOSYS, "An outer container's filter refuses clone; see 'caisson doctor'")
        .advise(Errno.EAGAIN, "The limit of processes is used up (ulimit -u)")
        .advise(Errno.EINVAL, "The kernel was built without user namespaces");
    b.jumpIfEqual(c.init, n(0), start);
    b.call(Syscall.CLOSE, c.statusWrite);
    b.call(Syscall.CLOSE, c.aliveRead);
  }
}
