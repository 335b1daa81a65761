package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.ProgramBuilder.Label;
import java.time.Duration;

/**
 * The keeper's loop: it waits for the sandbox, forwards signals, takes in the terminal, watches the
 * clock, and leaves with the payload's status.
 */
final class SupervisionSteps {
  /** Entries of the poll set; each has 8 bytes {fd, events, revents}. */
  private static final int SIGNALS = 0;

  private static final int STATUS = 1;
  private static final int CONTROL = 2;
  private static final int TIMER = 3;
  private static final int PARENT = 4;
  private static final int PAYLOAD = 5;

  /** Only where a network is connected. */
  private static final int CONNECTION = 6;

  private static final int ENTRIES = 7;

  /** Offsets in struct signalfd_siginfo and in siginfo_t. */
  private static final int SSI_SIGNO = 0;

  private static final int SSI_CODE = 8;
  private static final int SSI_PID = 12;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final KeeperSteps keeper;
  private final TerminalSteps terminal;
  private final RelaySteps relays;
  private final UpperDirectory upper;
  private final ControlGroupSteps groups;
  private final ConnectionSteps connection;
  private final AppearanceSteps appearances;
  private final PayloadStatus status;
  private final ResultSteps result;
  private final EndingSteps ending;
  private final Operand.Immediate polls;
  private final Operand.Immediate received;
  private final SuspensionSteps suspension;
  private final Operand.Slot value;
  private final Operand.Slot signal;
  private final Operand.Slot initDone;
  private final Operand.Slot initStatus;

  /** 1 once the payload was asked to end. */
  private final Operand.Slot asked;

  private final Operand.Slot relayErrno;
  private final Operand.Slot relayFailed;
  private final Label loop;
  private final Label finish;

  SupervisionSteps(
      LaunchContext context,
      KeeperSteps keeper,
      TerminalSteps terminal,
      RelaySteps relays,
      UpperDirectory upper,
      ControlGroupSteps groups,
      ConnectionSteps connection,
      PayloadStatus status,
      ResultSteps result) {
    c = context;
    b = context.b;
    this.keeper = keeper;
    this.terminal = terminal;
    this.relays = relays;
    this.upper = upper;
    this.groups = groups;
    this.connection = connection;
    this.status = status;
    this.result = result;
    ending = new EndingSteps(context);
    appearances = new AppearanceSteps(context);
    polls = b.zeroes(ENTRIES * 8);
    received = b.zeroes(128);
    suspension = new SuspensionSteps(context, terminal, relays, status);
    value = b.slot();
    signal = b.slot();
    initDone = b.slot();
    initStatus = b.slot();
    asked = b.slot();
    relayErrno = b.slot();
    relayFailed = b.slot();
    loop = b.label();
    finish = b.label();
  }

  /** The loop. Failures go to the builder's current label, with the sandbox still there. */
  void emit(Label failed) {
    watch(SIGNALS, c.signals);
    watch(STATUS, c.statusRead);
    watch(CONTROL, c.controlKeeper);
    watch(TIMER, c.timer);
    watch(PAYLOAD, status.read);
    watch(PARENT, n(c.request.mode() == Mode.SPAWNED ? KeeperSteps.PARENT_ALIVE : -1));
    if (connection.wanted()) {
      watch(CONNECTION, connection.watched());
    }
    b.place(loop);
    finishIfDone();
    int entries = connection.wanted() ? ENTRIES : CONNECTION;
    b.call("wait", Syscall.PPOLL, polls, n(entries), n(0), n(0), n(8)).tolerate(Errno.EINTR);
    whenReady(STATUS, () -> readStatus(failed));
    whenReady(CONTROL, this::receiveTerminal);
    whenReady(TIMER, this::timeOut);
    whenReady(PAYLOAD, this::readPayload);
    whenReady(PARENT, () -> kill(PARENT));
    if (connection.wanted()) {
      whenReady(CONNECTION, () -> connection.proceed(connectionWatch()));
    }
    whenReady(SIGNALS, this::readSignal);
    b.jump(loop);
    b.place(finish);
    leave(failed);
  }

  private void watch(int entry, Operand descriptor) {
    b.store(4, polls, entry * 8L, descriptor);
    b.store(4, polls, entry * 8L + 4, n(Linux.POLLIN));
  }

  private ConnectionSteps.Watch connectionWatch() {
    return new ConnectionSteps.Watch() {
      @Override
      public void watch(Operand descriptor) {
        SupervisionSteps.this.watch(CONNECTION, descriptor);
      }

      @Override
      public void unwatch() {
        SupervisionSteps.this.unwatch(CONNECTION);
      }
    };
  }

  private void unwatch(int entry) {
    b.store(4, polls, entry * 8L, n(-1));
    // only the events asked for remain: what was reported is dealt with
    b.store(4, polls, entry * 8L + 4, n(Linux.POLLIN));
  }

  private void whenReady(int entry, Runnable steps) {
    Label next = b.label();
    b.load(2, value, polls, entry * 8L + 6);
    b.jumpIfEqual(value, n(0), next);
    steps.run();
    b.place(next);
  }

  private void readStatus(Label failed) {
    Label message = b.label();
    Label done = b.label();
    b.call("read the sandbox's status", Syscall.READ, c.statusRead, c.failure, n(16))
        .again()
        .into(value);
    b.jumpIfEqual(value, n(16), message);
    unwatch(STATUS);
    b.call(Syscall.CLOSE, c.statusRead);
    // a file that the sandbox opened again needs no relay
    Label relayed = b.label();
    b.jumpIfNotEqual(c.stream[0], Stream.REOPENED, relayed);
    b.call(Syscall.CLOSE, c.relayEnd[0]).tolerateAll();
    b.place(relayed);
    if (c.request.mode() == Mode.SPAWNED) {
      b.call(Syscall.CLOSE, n(KeeperSteps.REPORT));
    }
    b.jump(done);
    b.place(message);
    Label failure = b.label();
    b.load(8, value, c.failure, 0);
    b.jumpIfNotEqual(value, Stream.RELAY_INPUT, failure);
    b.set(c.stream[0], Stream.RELAYED);
    relays.start(0);
    b.jump(done);
    b.place(failure);
    b.set(new Operand.Slot(LaunchProgram.FAILED_STEP_SLOT), value);
    b.load(8, new Operand.Slot(LaunchProgram.ERRNO_SLOT), c.failure, 8);
    b.jump(failed);
    b.place(done);
  }

  private void readPayload() {
    Label stopped = b.label();
    Label ended = b.label();
    Label done = b.label();
    status.take(stopped, ended);
    b.place(stopped);
    suspension.withPayload();
    b.jump(done);
    b.place(ended);
    unwatch(PAYLOAD);
    b.place(done);
  }

  private void receiveTerminal() {
    Label done = b.label();
    unwatch(CONTROL);
    terminal.receive();
    b.jumpIfEqual(terminal.master, n(0), done);
    terminal.makeRaw();
    relays.startTerminal();
    b.place(done);
  }

  /**
   * At the end of its time the payload is asked to end, and the sandbox is ended after the grace.
   */
  private void timeOut() {
    Duration grace = c.policy.process().stop().grace();
    Label now = b.label();
    Label done = b.label();
    ending.by(EndCause.WALL_CLOCK);
    if (!grace.isZero()) {
      b.jumpIfNotEqual(asked, n(0), now);
      b.set(asked, n(1));
      keeper.setTimer("wait for the payload's end", grace);
      suspension.stopOrderly(c.policy.process().stop().signal().number());
      b.jump(done);
    }
    b.place(now);
    kill(TIMER);
    b.place(done);
  }

  private void kill(int entry) {
    unwatch(entry);
    b.call(Syscall.KILL, c.init, n(Linux.SIGKILL)).tolerateAll();
  }

  private void readSignal() {
    Label reap = b.label();
    Label resize = b.label();
    Label suspend = b.label();
    Label stop = b.label();
    Label resume = b.label();
    Label forward = b.label();
    b.call("read a signal", Syscall.READ, c.signals, received, n(128))
        .into(value)
        .tolerate(Errno.EAGAIN, Errno.EINTR);
    b.jumpIfNotEqual(value, n(128), loop);
    b.load(4, signal, received, SSI_SIGNO);
    b.jumpIfEqual(signal, n(Linux.SIGCHLD), reap);
    b.jumpIfEqual(signal, n(Linux.SIGWINCH), resize);
    b.jumpIfEqual(signal, n(Linux.SIGTSTP), suspend);
    b.jumpIfEqual(signal, n(Linux.SIGTTIN), stop);
    b.jumpIfEqual(signal, n(Linux.SIGTTOU), stop);
    b.jumpIfEqual(signal, n(Linux.SIGCONT), resume);
    dropOwn();
    b.jumpIfNotEqual(signal, n(Linux.SIGHUP), forward);
    b.jumpIfNotEqual(keeper.hangupIgnored, n(0), loop);
    b.place(forward);
    // the sandbox is gone and only a reader is waited for: the signal is for the keeper then
    b.jumpIfNotEqual(initDone, n(0), finish);
    b.load(4, value, received, SSI_CODE);
    suspension.forward(signal, value);
    b.jump(loop);
    b.place(resize);
    b.jumpIfEqual(c.terminal, n(-1), forward);
    terminal.resize();
    b.jump(loop);
    b.place(suspend);
    suspension.onStop();
    b.jump(loop);
    b.place(stop);
    suspension.stop();
    b.jump(loop);
    b.place(resume);
    suspension.resume();
    b.jump(loop);
    b.place(reap);
    reap();
  }

  /** What a write of the keeper's own raised, as SIGPIPE, is no one else's. */
  private void dropOwn() {
    b.load(4, value, received, SSI_PID);
    b.call(Syscall.GETPID).into(c.scratch);
    b.jumpIfEqual(value, c.scratch, loop);
  }

  private void reap() {
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

  /** Done is: the sandbox is gone, what it printed is written, and its status pipe was read. */
  private void finishIfDone() {
    Label wait = b.label();
    b.jumpIfEqual(initDone, n(0), wait);
    b.jumpIfNotEqual(c.relay[1], n(0), wait);
    b.jumpIfNotEqual(c.relay[2], n(0), wait);
    b.jumpIfNotEqual(relays.terminalOut, n(0), wait);
    b.load(4, value, polls, STATUS * 8L);
    b.jumpIfEqual(value, n(0xffff_ffffL), finish);
    b.place(wait);
  }

  private void leave(Label failed) {
    Label noInput = b.label();
    Label noTerminal = b.label();
    b.jumpIfEqual(c.relay[0], n(0), noInput);
    end(c.relay[0]);
    b.place(noInput);
    b.jumpIfEqual(relays.terminalIn, n(0), noTerminal);
    end(relays.terminalIn);
    b.place(noTerminal);
    connection.end();
    terminal.restore();
    groups.report();
    groups.remove();
    upper.remove();
    appearances.report();
    reportRelayFailure(1, "read standard input for the payload", failed);
    reportRelayFailure(2, "write what the payload printed to standard output", failed);
    reportRelayFailure(3, "write what the payload printed to standard error", failed);
    ending.look(status);
    byMemory();
    ending.say();
    ending.exitStatus(initStatus);
    b.onFailure(failed);
    result.write(initStatus, status, ending, groups.counted);
    interrupt();
    b.call(Syscall.EXIT_GROUP, initStatus);
  }

  /**
   * Where ^C ended the payload it ends this process too: a shell tells by the signal that its loop
   * is to stop, and says status 130 in either case.
   */
  private void interrupt() {
    if (c.request.mode() == Mode.SPAWNED) {
      return;
    }
    Label other = b.label();
    b.jumpIfNotEqual(initStatus, n(128 + Linux.SIGINT), other);
    b.call(
            Syscall.RT_SIGPROCMASK,
            n(Linux.SIG_UNBLOCK),
            b.words(1L << (Linux.SIGINT - 1)),
            n(0),
            n(8))
        .tolerateAll();
    b.call(Syscall.GETPID).into(value);
    b.call(Syscall.KILL, value, n(Linux.SIGINT)).tolerateAll();
    b.place(other);
  }

  /** A sandbox that was killed when the kernel had ended processes of it for their memory. */
  private void byMemory() {
    Label other = b.label();
    Label killed = b.label();
    b.jumpIfEqual(groups.counted.memoryKills, n(0), other);
    b.jumpIfEqual(initStatus, n(Linux.SIGKILL), killed);
    b.jumpIfNotEqual(initStatus, n((128 + Linux.SIGKILL) * 256), other);
    b.place(killed);
    ending.by(EndCause.MEMORY);
    b.place(other);
  }

  /** A reader that waits for what may never come; nothing of it is left to the host to reap. */
  private void end(Operand.Slot reader) {
    b.call(Syscall.KILL, reader, n(Linux.SIGKILL)).tolerateAll();
    b.call(Syscall.WAIT4, reader, n(0), n(0), n(0)).again().tolerateAll();
  }

  private void reportRelayFailure(int which, String meaning, Label failed) {
    Label next = b.label();
    b.jumpIfNotEqual(relayFailed, n(which), next);
    b.onFailure(failed);
    b.fail(meaning, relayErrno);
    b.place(next);
  }
}
