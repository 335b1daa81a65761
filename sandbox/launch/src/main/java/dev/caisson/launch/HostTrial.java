package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.Stop;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.StopSignal;
import java.time.Duration;

/** Tries on this host, in a process of its own, what a launch will need. Leaves nothing behind. */
final class HostTrial {
  /** How a trial ended where it ended by a signal. */
  static final int KILLED = 255;

  private static final long NAMESPACES =
      Linux.CLONE_NEWUSER
          | Linux.CLONE_NEWNS
          | Linux.CLONE_NEWPID
          | Linux.CLONE_NEWIPC
          | Linux.CLONE_NEWUTS
          | Linux.CLONE_NEWNET;

  private final HostFacts host;

  HostTrial(HostFacts host) {
    this.host = host;
  }

  /** What a trial does in its namespaces; a step that fails ends it. */
  private interface Inside {
    void steps(ProgramBuilder b);
  }

  /** New namespaces of every kind that a launch makes; 0, or the errno. */
  int namespaces() {
    return run(b -> {});
  }

  /** A new /proc; EPERM where parts of the present one are masked. */
  int proc() {
    return run(
        b -> {
          map(b);
          mount(b, "proc", "/proc", "proc", "");
        });
  }

  /** An overlay with a writable layer in memory. */
  int overlay() {
    return run(
        b -> {
          map(b);
          mount(b, "tmpfs", "/proc", "tmpfs", "mode=755");
          b.call(Syscall.CHDIR, b.text("/proc"));
          for (String name : new String[] {"lower", "upper", "work", "merged"}) {
            b.call(Syscall.MKDIRAT, Linux.AT_FDCWD, b.text(name), n(0755));
          }
          mount(
              b,
              "overlay",
              "merged",
              "overlay",
              "userxattr,lowerdir=lower,upperdir=upper,workdir=work");
        });
  }

  /** A clone of a mounted tree with other attributes: open_tree(2) and mount_setattr(2). */
  int mountAttributes() {
    return run(
        b -> {
          Operand.Slot tree = b.slot();
          b.call(
                  Syscall.OPEN_TREE,
                  Linux.AT_FDCWD,
                  b.text("/"),
                  n(Linux.OPEN_TREE_CLONE | Linux.OPEN_TREE_CLOEXEC | Linux.AT_RECURSIVE))
              .into(tree);
          b.call(
              Syscall.MOUNT_SETATTR,
              tree,
              b.text(""),
              n(Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE),
              b.words(Linux.MOUNT_ATTR_NODEV | Linux.MOUNT_ATTR_NOSUID, 0, 0, 0),
              n(32));
        });
  }

  private void map(ProgramBuilder b) {
    write(b, "/proc/self/setgroups", "deny");
    write(b, "/proc/self/uid_map", "0 " + Integer.toUnsignedString(host.uid()) + " 1");
    write(b, "/proc/self/gid_map", "0 " + Integer.toUnsignedString(host.gid()) + " 1");
  }

  private static void write(ProgramBuilder b, String path, String text) {
    Operand.Slot file = b.slot();
    b.call(Syscall.OPENAT, Linux.AT_FDCWD, b.text(path), n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(file);
    b.call(Syscall.WRITE, file, b.text(text), n(text.length()));
    b.call(Syscall.CLOSE, file);
  }

  private static void mount(
      ProgramBuilder b, String source, String target, String type, String options) {
    b.call(
        Syscall.MOUNT,
        b.text(source),
        b.text(target),
        b.text(type),
        n(Linux.MS_NOSUID | Linux.MS_NODEV),
        b.text(options));
  }

  private int run(Inside inside) {
    try (Executable executable = new Executable(plan(inside));
        RunningSandbox trial = executable.spawn(Executable.Streams.INHERITED)) {
      return trial.waitFor();
    }
  }

  /** A process that clones one with the namespaces, waits for it and ends as it did. */
  private LaunchPlan plan(Inside inside) {
    ProgramBuilder b = new ProgramBuilder(host.architecture());
    Label failed = b.label();
    Label child = b.label();
    Label killed = b.label();
    Operand.Slot pid = b.slot();
    Operand.Slot status = b.slot();
    Operand.Slot signal = b.slot();
    Operand.Immediate word = b.zeroes(8);
    b.onFailure(failed);
    b.call(Syscall.CLONE, n(NAMESPACES | Linux.SIGCHLD), n(0), n(0), n(0), n(0)).into(pid);
    b.jumpIfEqual(pid, n(0), child);
    b.call(Syscall.WAIT4, pid, word, n(0), n(0)).again();
    b.load(4, status, word, 0);
    b.arithmetic(Operation.AND, signal, status, n(127));
    b.jumpIfNotEqual(signal, n(0), killed);
    b.arithmetic(Operation.DIVIDE, status, status, n(256));
    b.call(Syscall.EXIT_GROUP, status);
    b.place(killed);
    b.call(Syscall.EXIT_GROUP, n(KILLED));
    b.place(child);
    inside.steps(b);
    b.call(Syscall.EXIT_GROUP, n(0));
    b.place(failed);
    b.call(Syscall.EXIT_GROUP, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    return new LaunchPlan(
        b.build(),
        b.advice(),
        0,
        0,
        java.util.Optional.empty(),
        new Stop(StopSignal.TERM, Duration.ZERO),
        java.util.List.of());
  }
}
