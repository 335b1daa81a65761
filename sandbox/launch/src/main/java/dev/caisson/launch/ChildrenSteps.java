package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/** The keeper's children, the sandbox's first process among them: how each of them ends. */
final class ChildrenSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final RelaySteps relays;
  private final ConnectionSteps connection;
  private final ResultSteps result;
  private final EndingSteps ending;
  private final Operand.Slot value;
  private final Operand.Slot signal;
  private final Operand.Slot initDone;
  private final Operand.Slot relayErrno;
  private final Operand.Slot relayFailed;

  /** The first process's wait status, once it was waited for. */
  final Operand.Slot initStatus;

  ChildrenSteps(
      LaunchContext context,
      RelaySteps relays,
      ConnectionSteps connection,
      ResultSteps result,
      EndingSteps ending) {
    c = context;
    b = context.b;
    this.relays = relays;
    this.connection = connection;
    this.result = result;
    this.ending = ending;
    value = b.slot();
    signal = b.slot();
    initDone = b.slot();
    relayErrno = b.slot();
    relayFailed = b.slot();
    initStatus = b.slot();
  }

  /** Waits for all that ended. */
  void reap() {
    Label next = b.label();
    Label done = b.label();
    Operand.Slot pid = b.slot();
    Operand.Immediate status = b.zeroes(8);
    b.place(next);
    b.call("wait for the sandbox", Syscall.WAIT4, n(-1), status, n(Linux.WNOHANG), result.usage)
        .into(pid)
        .tolerate(Errno.ECHILD, Errno.EINTR);
    b.jumpIfEqual(pid, n(0), done);
    b.jumpIfEqual(pid, n(-Errno.ECHILD.number()), done);
    b.load(4, value, status, 0);
    Label notInit = b.label();
    b.jumpIfNotEqual(pid, c.init, notInit);
    b.set(initStatus, value);
    b.set(initDone, n(1));
    result.remember();
    b.jump(next);
    b.place(notInit);
    for (int fd = 0; fd < 3; fd++) {
      Label other = b.label();
      b.jumpIfNotEqual(pid, c.relay[fd], other);
      b.set(c.relay[fd], n(0));
      b.jumpIfEqual(value, n(0), next);
      relayEnded(fd + 1, next);
      b.place(other);
    }
    Label notOutput = b.label();
    b.jumpIfNotEqual(pid, relays.terminalOut, notOutput);
    b.set(relays.terminalOut, n(0));
    // a terminal that hung up is no failure
    b.jumpIfNotEqual(value, n(OutputLimit.REACHED * 256), next);
    relayEnded(0, next);
    b.place(notOutput);
    connection.ended(pid, next);
    b.jumpIfNotEqual(pid, relays.terminalIn, next);
    b.set(relays.terminalIn, n(0));
    b.jump(next);
    b.place(done);
  }

  /** A relay that failed, or that reached the limit of output, ends the sandbox. */
  private void relayEnded(int which, Label next) {
    Label failed = b.label();
    Label end = b.label();
    Label byExit = b.label();
    b.arithmetic(Operation.AND, signal, value, n(127));
    b.jumpIfEqual(signal, n(0), byExit);
    // killed, for want of memory for instance: what it held is lost
    b.set(value, n(Errno.EIO.number() * 256L));
    b.place(byExit);
    b.arithmetic(Operation.DIVIDE, value, value, n(256));
    b.jumpIfNotEqual(value, n(OutputLimit.REACHED), failed);
    ending.by(EndCause.OUTPUT);
    b.jump(end);
    b.place(failed);
    b.jumpIfEqual(value, n(0), next);
    b.set(relayErrno, value);
    b.set(relayFailed, n(which));
    b.place(end);
    b.call(Syscall.KILL, c.init, n(Linux.SIGKILL)).tolerateAll();
    b.jump(next);
  }

  /** Goes to {@code target} where the sandbox is gone. */
  void jumpIfSandboxEnded(Label target) {
    b.jumpIfNotEqual(initDone, n(0), target);
  }

  /** Goes to {@code target} until the sandbox is gone and what it printed is written. */
  void jumpUnlessDone(Label target) {
    b.jumpIfEqual(initDone, n(0), target);
    b.jumpIfNotEqual(c.relay[1], n(0), target);
    b.jumpIfNotEqual(c.relay[2], n(0), target);
    b.jumpIfNotEqual(relays.terminalOut, n(0), target);
  }

  /** Ends those that read what may never come. */
  void endReaders() {
    end(c.relay[0]);
    end(relays.terminalIn);
  }

  /** Nothing of it is left to the host to reap. */
  private void end(Operand.Slot reader) {
    Label none = b.label();
    b.jumpIfEqual(reader, n(0), none);
    b.call(Syscall.KILL, reader, n(Linux.SIGKILL)).tolerateAll();
    b.call(Syscall.WAIT4, reader, n(0), n(0), n(0)).again().tolerateAll();
    b.place(none);
  }

  /** Fails where a relay did. */
  void reportRelayFailures(Label failed) {
    reportRelayFailure(1, "read standard input for the payload", failed);
    reportRelayFailure(2, "write what the payload printed to standard output", failed);
    reportRelayFailure(3, "write what the payload printed to standard error", failed);
  }

  private void reportRelayFailure(int which, String meaning, Label failed) {
    Label next = b.label();
    b.jumpIfNotEqual(relayFailed, n(which), next);
    b.onFailure(failed);
    b.fail(meaning, relayErrno);
    b.place(next);
  }
}
