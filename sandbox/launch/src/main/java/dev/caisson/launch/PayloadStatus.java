package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.policy.EffectivePolicy.Limits;

/**
 * The payload's wait status (wait(2)) on its way from the first process, which can only exit with
 * 128 + n for a signal, to the keeper. Only where somebody wants to know it that exactly.
 */
final class PayloadStatus {
  /** In the keeper where the first process was killed before it told. */
  static final long UNKNOWN = 0xffff_ffffL;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final boolean wanted;
  private final Operand.Slot read;
  private final Operand.Slot write;
  private final Operand.Slot count;

  /** In the keeper, once it was received. */
  final Operand.Slot value;

  PayloadStatus(LaunchContext context) {
    c = context;
    b = context.b;
    Limits limits = context.policy.limits();
    wanted =
        context.request.result().isPresent()
            || limits.cpuTime().isPresent()
            || limits.fileSize().isPresent();
    read = b.slot();
    write = b.slot();
    count = b.slot();
    value = b.slot();
  }

  /** In the keeper, before the sandbox exists. */
  void openChannel() {
    if (wanted) {
      c.pipe("make a pipe for the payload's status", read, write);
    }
  }

  /** In the keeper, once the first process has the writing end. */
  void closeWriting() {
    if (wanted) {
      b.call(Syscall.CLOSE, write);
    }
  }

  /** In the first process, before it is sealed: the writing end becomes descriptor 0. */
  void hold() {
    if (wanted) {
      b.call("keep a pipe to the keeper", Syscall.DUP3, write, n(0), n(0));
    }
  }

  /** How many descriptors the first process keeps, from 0 on. */
  int held() {
    return wanted ? 1 : 0;
  }

  /** In the first process. */
  void send(Operand status) {
    if (wanted) {
      b.call(Syscall.WRITE, n(0), status, n(8)).tolerateAll();
    }
  }

  /** In the keeper, with the sandbox gone. */
  void receive() {
    b.set(value, n(UNKNOWN));
    if (wanted) {
      ProgramBuilder.Label none = b.label();
      b.call(Syscall.READ, read, c.buffer, n(8)).again().into(count).tolerateAll();
      b.jumpIfNotEqual(count, n(8), none);
      b.load(4, value, c.buffer, 0);
      b.place(none);
    }
  }
}
