package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Capability;
import java.util.Set;

/**
 * The sandbox's first process once the view is built: it seals itself, releases the payload, reaps
 * orphans and forwards signals until the payload ends.
 */
final class ReaperSteps {
  /** Offsets in siginfo_t. */
  private static final int SI_PID = 16;

  private static final int SI_VALUE = 24;

  private final LaunchContext c;
  private final ProgramBuilder b;

  ReaperSteps(LaunchContext context) {
    c = context;
    b = context.b;
  }

  /**
   * Undumpable, without capabilities and under its own filter before the payload runs: else there
   * would be a moment when it could be traced.
   */
  void seal(CapabilitySteps capabilities, Filters filters) {
    b.call(
        "hide the first process", Syscall.PRCTL, n(Linux.PR_SET_DUMPABLE), n(0), n(0), n(0), n(0));
    capabilities.dropKept(c.policy.capabilities());
    capabilities.lockSecurebits(Set.of());
    capabilities.holdOnly(toSignal());
    capabilities.setNoNewPrivileges();
    filters.load("load the first process's filter", filters.init());
  }

  /** A payload that may change its uid is out of reach of its own user's signals. */
  private Set<Capability> toSignal() {
    boolean differs =
        c.payloadChangesIds()
            || (c.mapsRange() && c.policy.capabilities().contains(Capability.SETUID));
    return differs ? Set.of(Capability.KILL) : Set.of();
  }

  /**
   * Closes all descriptors but those to tell the payload's status and, until the release, to
   * release it and to report a failure.
   */
  void letGo(PayloadStatus told, Handshake handshake) {
    told.holdAs(0);
    handshake.holdAs(1);
    b.call("keep the status pipe", Syscall.DUP3, c.statusWrite, n(2), n(0));
    b.set(c.statusWrite, n(2));
    b.call("close descriptors", Syscall.CLOSE_RANGE, n(3), n(Linux.LAST_DESCRIPTOR), n(0));
  }

  /**
   * With the payload released, when nothing may fail any more: waits for {@code payload}, whose
   * status is told to the keeper.
   */
  void reap(Operand.Slot payload, PayloadStatus told) {
    b.call("close the pipes of the launch", Syscall.CLOSE_RANGE, n(1), n(2), n(0)).tolerateAll();
    Operand.Immediate status = b.zeroes(8);
    Operand.Immediate info = b.zeroes(128);
    boolean timed = c.policy.limits().cpuTime().isPresent();
    Operand.Immediate usage = timed ? b.zeroes(Linux.RUSAGE_SIZE) : n(0);
    Operand.Slot pid = b.slot();
    Operand.Slot signal = b.slot();
    Operand.Slot value = b.slot();
    Operand.Slot target = b.slot();
    Label reap = b.label();
    Label wait = b.label();
    Label byExit = b.label();
    b.place(reap);
    b.call(
            "wait for the payload",
            Syscall.WAIT4,
            n(-1),
            status,
            n(Linux.WNOHANG | Linux.WUNTRACED),
            usage)
        .into(pid)
        .tolerateAll();
    b.jumpIfEqual(pid, n(0), wait);
    b.jumpIfLess(n(-4096), pid, wait);
    b.jumpIfNotEqual(pid, payload, reap);
    if (timed) {
      addTime(status, usage, value, target);
    }
    told.send(status);
    b.load(4, value, status, 0);
    b.arithmetic(Operation.AND, signal, value, n(127));
    b.jumpIfEqual(signal, n(0), byExit);
    // stopped, not ended
    b.jumpIfEqual(signal, n(127), reap);
    b.add(signal, signal, n(128));
    b.call(Syscall.EXIT_GROUP, signal);
    b.place(byExit);
    b.arithmetic(Operation.DIVIDE, value, value, n(256));
    b.call(Syscall.EXIT_GROUP, value);

    b.place(wait);
    b.call(Syscall.RT_SIGTIMEDWAIT, b.words(-1L), info, n(0), n(8)).into(signal).tolerateAll();
    b.jumpIfEqual(signal, n(Linux.SIGCHLD), reap);
    b.jumpIfLess(n(-4096), signal, wait);
    // only a sender outside the sandbox has no pid here
    b.load(4, value, info, SI_PID);
    b.jumpIfNotEqual(value, n(0), wait);
    forward(payload, info, signal, value, target);
    b.jump(wait);
  }

  /** The processor time that the payload used goes beside its status, in milliseconds. */
  private void addTime(
      Operand.Immediate status, Operand usage, Operand.Slot sum, Operand.Slot part) {
    Operand.Slot system = b.slot();
    Microseconds.load(b, sum, part, usage, Linux.RUSAGE_USER, 1);
    Microseconds.load(b, system, part, usage, Linux.RUSAGE_SYSTEM, 1);
    b.add(sum, sum, system);
    b.arithmetic(Operation.DIVIDE, sum, sum, n(1000));
    b.store(4, status, 4, sum);
  }

  /** The signal's value says for whom it is. */
  private void forward(
      Operand.Slot payload,
      Operand.Immediate info,
      Operand.Slot signal,
      Operand.Slot value,
      Operand.Slot target) {
    Label send = b.label();
    Label notStop = b.label();
    b.set(target, payload);
    b.load(8, value, info, SI_VALUE);
    b.jumpIfNotEqual(value, n(SuspensionSteps.STOP_GROUP), notStop);
    b.set(signal, n(Linux.SIGSTOP));
    b.place(notStop);
    b.jumpIfEqual(value, n(SuspensionSteps.ALONE), send);
    b.arithmetic(Operation.SUBTRACT, target, n(0), payload);
    b.place(send);
    b.call(Syscall.KILL, target, signal).tolerateAll();
  }
}
