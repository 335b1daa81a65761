package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.Limits;

/**
 * The payload's wait status (wait(2)) on its way from the first process to the keeper: that it was
 * stopped, which only a terminal's payload can be, and how it ended, for the first process itself
 * can only exit with 128 + n for a signal. Only where somebody wants to know.
 */
final class PayloadStatus {
  /** In the keeper where the first process was killed before it told. */
  static final long UNKNOWN = 0xffff_ffffL;

  private static final int STOPPED = 0x7f;
  private static final int ABSENT = -1;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final boolean always;
  private final boolean possible;
  private final Operand.Slot write;
  private final Operand.Slot taken;
  private final Operand.Slot low;

  /** In the keeper: the reading end; -1 where there is none. */
  final Operand.Slot read;

  /** In the keeper, once it was received; {@link #UNKNOWN} before. */
  final Operand.Slot value;

  /** In the keeper, where processor time is limited: what the payload used, in milliseconds. */
  final Operand.Slot used;

  PayloadStatus(LaunchContext context) {
    c = context;
    b = context.b;
    Limits limits = context.policy.limits();
    always =
        context.request.result().isPresent()
            || limits.cpuTime().isPresent()
            || limits.fileSize().isPresent();
    possible = always || context.policy.process().tty();
    read = b.slot();
    write = b.slot();
    taken = b.slot();
    low = b.slot();
    value = b.slot();
    used = b.slot();
  }

  /** In the keeper, which knows by now whether there is a terminal. */
  void openChannel() {
    Label done = b.label();
    b.set(value, n(UNKNOWN));
    b.set(read, n(ABSENT));
    b.set(write, n(ABSENT));
    if (!always) {
      b.jumpIfEqual(c.terminal, n(-1), done);
    }
    if (possible) {
      c.pipe("make a pipe for the payload's status", read, write);
    }
    b.place(done);
  }

  /** In the keeper, once the first process has the writing end. */
  void closeWriting() {
    ifOpen(write, () -> b.call(Syscall.CLOSE, write));
  }

  /** In the first process, before it is sealed: the writing end, if any, becomes {@code number}. */
  void holdAs(int number) {
    Label none = b.label();
    Label done = b.label();
    b.jumpIfEqual(write, n(ABSENT), none);
    b.call("keep a pipe to the keeper", Syscall.DUP3, write, n(number), n(0));
    b.set(write, n(number));
    b.jump(done);
    b.place(none);
    b.call(Syscall.CLOSE, n(number));
    b.place(done);
  }

  /** In the first process. */
  void send(Operand status) {
    ifOpen(write, () -> b.call(Syscall.WRITE, write, status, n(8)).tolerateAll());
  }

  private void ifOpen(Operand.Slot end, Runnable steps) {
    if (possible) {
      Label closed = b.label();
      b.jumpIfEqual(end, n(ABSENT), closed);
      steps.run();
      b.place(closed);
    }
  }

  /**
   * In the keeper: takes one message in. Goes to {@code stopped} where it says that the payload was
   * stopped, and to {@code ended} where no other will come.
   */
  void take(Label stopped, Label ended) {
    b.call(Syscall.READ, read, c.buffer, n(8)).again().into(taken).tolerateAll();
    b.jumpIfNotEqual(taken, n(8), ended);
    b.load(4, taken, c.buffer, 0);
    b.arithmetic(Operation.AND, low, taken, n(0xff));
    b.jumpIfEqual(low, n(STOPPED), stopped);
    b.set(value, taken);
    b.load(4, used, c.buffer, 4);
    b.jump(ended);
  }

  /** In the keeper, with the sandbox gone: takes in what was not yet. */
  void takeRest() {
    Label next = b.label();
    Label done = b.label();
    b.jumpIfEqual(read, n(ABSENT), done);
    b.jumpIfNotEqual(value, n(UNKNOWN), done);
    b.place(next);
    take(next, done);
    b.place(done);
  }
}
