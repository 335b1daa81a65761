package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;
import static dev.caisson.launch.PollSet.Entry.CONNECTION;
import static dev.caisson.launch.PollSet.Entry.CONTROL;
import static dev.caisson.launch.PollSet.Entry.PARENT;
import static dev.caisson.launch.PollSet.Entry.PAYLOAD;
import static dev.caisson.launch.PollSet.Entry.SIGNALS;
import static dev.caisson.launch.PollSet.Entry.STATUS;
import static dev.caisson.launch.PollSet.Entry.TIMER;

import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.ProgramBuilder.Label;
import java.time.Duration;

/** The keeper's loop: it forwards signals, takes in the terminal, and watches the clock. */
final class SupervisionSteps {
  /** Offsets in struct signalfd_siginfo and in siginfo_t. */
  private static final int SSI_SIGNO = 0;

  private static final int SSI_CODE = 8;
  private static final int SSI_PID = 12;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final KeeperSteps keeper;
  private final TerminalSteps terminal;
  private final RelaySteps relays;
  private final ConnectionSteps connection;
  private final PayloadStatus status;
  private final ChildrenSteps children;
  private final LeavingSteps leaving;
  private final EndingSteps ending;
  private final PollSet polls;
  private final Operand.Immediate received;
  private final SuspensionSteps suspension;
  private final Operand.Slot value;
  private final Operand.Slot signal;

  /** 1 once the payload was asked to end. */
  private final Operand.Slot asked;

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
    this.connection = connection;
    this.status = status;
    ending = new EndingSteps(context);
    children = new ChildrenSteps(context, relays, connection, result, ending);
    leaving =
        new LeavingSteps(
            context, children, connection, terminal, groups, upper, ending, status, result);
    polls = new PollSet(context);
    received = b.zeroes(128);
    suspension = new SuspensionSteps(context, terminal, relays, status);
    value = b.slot();
    signal = b.slot();
    asked = b.slot();
    loop = b.label();
    finish = b.label();
  }

  /** The loop. Failures go to the builder's current label, with the sandbox still there. */
  void emit(Label failed) {
    polls.watch(SIGNALS, c.signals);
    polls.watch(STATUS, c.statusRead);
    polls.watch(CONTROL, c.controlKeeper);
    polls.watch(TIMER, c.timer);
    polls.watch(PAYLOAD, status.read);
    polls.watch(PARENT, n(c.request.mode() == Mode.SPAWNED ? KeeperSteps.PARENT_ALIVE : -1));
    polls.watch(CONNECTION, connection.wanted() ? connection.watched() : n(-1));
    b.place(loop);
    finishIfDone();
    polls.await();
    polls.whenReady(STATUS, () -> readStatus(failed));
    polls.whenReady(CONTROL, this::receiveTerminal);
    polls.whenReady(TIMER, this::timeOut);
    polls.whenReady(PAYLOAD, this::readPayload);
    polls.whenReady(PARENT, () -> kill(PARENT));
    if (connection.wanted()) {
      polls.whenReady(CONNECTION, () -> connection.proceed(polls));
    }
    polls.whenReady(SIGNALS, this::readSignal);
    b.jump(loop);
    b.place(finish);
    leaving.emit(failed);
  }

  /** Done is: the children have done their work, and the status pipe was read. */
  private void finishIfDone() {
    Label wait = b.label();
    children.jumpUnlessDone(wait);
    polls.jumpIfUnwatched(STATUS, finish);
    b.place(wait);
  }

  private void readStatus(Label failed) {
    Label message = b.label();
    Label done = b.label();
    b.call("read the sandbox's status", Syscall.READ, c.statusRead, c.failure, n(16))
        .again()
        .into(value);
    b.jumpIfEqual(value, n(16), message);
    polls.unwatch(STATUS);
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
    polls.unwatch(PAYLOAD);
    b.place(done);
  }

  private void receiveTerminal() {
    Label done = b.label();
    polls.unwatch(CONTROL);
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

  private void kill(PollSet.Entry entry) {
    polls.unwatch(entry);
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
    children.jumpIfSandboxEnded(finish);
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
    children.reap();
  }

  /** What a write of the keeper's own raised, as SIGPIPE, is no one else's. */
  private void dropOwn() {
    b.load(4, value, received, SSI_PID);
    b.call(Syscall.GETPID).into(c.scratch);
    b.jumpIfEqual(value, c.scratch, loop);
  }
}
