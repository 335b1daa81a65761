package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.Limits;
import java.nio.charset.StandardCharsets;

/** Why the sandbox ends: the one place where the keeper knows it, says it and leaves with it. */
final class EndingSteps {
  /** The status of a run that a limit of time or output ended. */
  private static final int LIMITED = 124;

  /** Milliseconds by which the kernel's clocks of processor time differ. */
  private static final long INEXACT = 100;

  private final ProgramBuilder b;
  private final Limits limits;
  private final Operand.Slot cause;
  private final Operand.Slot signal;

  EndingSteps(LaunchContext context) {
    b = context.b;
    limits = context.policy.limits();
    cause = b.slot();
    signal = b.slot();
  }

  /** The ordinal of an {@link EndCause}; the first that was found stands. */
  Operand.Slot cause() {
    return cause;
  }

  /** Remembers {@code found}, unless something else ended the sandbox before. */
  void by(EndCause found) {
    Label known = b.label();
    b.jumpIfNotEqual(cause, n(0), known);
    b.set(cause, n(found.ordinal()));
    b.place(known);
  }

  /** Looks for limits whose end is a signal of the kernel's to the program (setrlimit(2)). */
  void look(PayloadStatus status) {
    status.takeRest();
    if (limits.cpuTime().isPresent()) {
      bySignal(status, Linux.SIGXCPU, EndCause.CPU_TIME);
      byHardLimit(status, limits.cpuTime().getAsLong() + PayloadSteps.SECONDS_TO_END);
    }
    if (limits.fileSize().isPresent()) {
      bySignal(status, Linux.SIGXFSZ, EndCause.FILE_SIZE);
    }
  }

  private void bySignal(PayloadStatus status, int number, EndCause found) {
    Label other = b.label();
    b.jumpIfEqual(status.value, n(PayloadStatus.UNKNOWN), other);
    b.arithmetic(Operation.AND, signal, status.value, n(127));
    b.jumpIfNotEqual(signal, n(number), other);
    by(found);
    b.place(other);
  }

  /** A program that catches SIGXCPU is killed when it has used what the hard limit says. */
  private void byHardLimit(PayloadStatus status, long seconds) {
    Label other = b.label();
    b.jumpIfLess(status.used, n(seconds * 1000 - INEXACT), other);
    bySignal(status, Linux.SIGKILL, EndCause.CPU_TIME);
    b.place(other);
  }

  /** One line for the user, where a limit ended the sandbox; memory's own is said by its group. */
  void say() {
    limits
        .wallClock()
        .ifPresent(
            limit ->
                say(
                    EndCause.WALL_CLOCK,
                    "it ran longer than limits.wallClock allows (" + limit.toMillis() + " ms)"));
    limits
        .cpuTime()
        .ifPresent(
            seconds ->
                say(
                    EndCause.CPU_TIME,
                    "it used more processor time than limits.cpuTime allows (" + seconds + " s)"));
    limits
        .fileSize()
        .ifPresent(
            bytes ->
                say(
                    EndCause.FILE_SIZE,
                    "it made a file larger than limits.fileSize allows (" + bytes + " bytes)"));
    limits
        .output()
        .ifPresent(
            bytes ->
                say(
                    EndCause.OUTPUT,
                    "it wrote more than limits.output allows (" + bytes + " bytes)"));
  }

  private void say(EndCause ended, String why) {
    Label other = b.label();
    b.jumpIfNotEqual(cause, n(ended.ordinal()), other);
    byte[] line =
        ("caisson: the sandbox was ended, since " + why + "\n").getBytes(StandardCharsets.US_ASCII);
    b.call(Syscall.WRITE, n(2), b.bytes(line), n(line.length)).tolerateAll();
    b.place(other);
  }

  /** Puts the exit status into {@code status}, which holds the first process's wait status. */
  void exitStatus(Operand.Slot status) {
    Label limited = b.label();
    Label exited = b.label();
    Label known = b.label();
    b.jumpIfEqual(cause, n(EndCause.WALL_CLOCK.ordinal()), limited);
    b.jumpIfEqual(cause, n(EndCause.OUTPUT.ordinal()), limited);
    b.arithmetic(Operation.AND, signal, status, n(127));
    b.jumpIfEqual(signal, n(0), exited);
    b.add(status, signal, n(128));
    b.jump(known);
    b.place(exited);
    b.arithmetic(Operation.DIVIDE, status, status, n(256));
    b.jump(known);
    b.place(limited);
    b.set(status, n(LIMITED));
    b.place(known);
  }
}
