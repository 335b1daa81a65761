package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.util.List;

/**
 * Signals to the payload, and how the keeper and the payload are suspended and resumed as one job.
 * With a terminal the payload decides, as any program does on ^Z: the keeper stops when the first
 * process says that it did. Without one it is stopped first.
 */
final class SuspensionSteps {
  /** What goes with a signal to the first process: for the payload alone, or for its group. */
  static final int ALONE = 0;

  static final int GROUP = 1;

  /** For its group, and SIGSTOP in place of the signal, which an orphaned group would ignore. */
  static final int STOP_GROUP = 2;

  private static final long SI_KERNEL = 0x80;
  private static final long SI_QUEUE = 0xffff_ffffL;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final TerminalSteps terminal;
  private final RelaySteps relays;
  private final PayloadStatus status;
  private final Operand.Immediate sent;
  private final Operand.Slot value;

  SuspensionSteps(
      LaunchContext context, TerminalSteps terminal, RelaySteps relays, PayloadStatus status) {
    c = context;
    b = context.b;
    this.terminal = terminal;
    this.relays = relays;
    this.status = status;
    sent = b.zeroes(128);
    value = b.slot();
  }

  /**
   * Sends {@code number} to the first process. What the terminal's driver sent is for the payload's
   * whole group, as it would be outside.
   *
   * @param code that it came with (si_code)
   */
  void forward(Operand number, Operand.Slot code) {
    Label send = b.label();
    b.store(8, sent, 24, n(GROUP));
    b.jumpIfEqual(code, n(SI_KERNEL), send);
    b.store(8, sent, 24, n(ALONE));
    b.place(send);
    queue(number);
  }

  private void forward(int number, int whom) {
    b.store(8, sent, 24, n(whom));
    queue(n(number));
  }

  /** Asks the payload's group to end; what is stopped goes on, so that it can. */
  void stopOrderly(int number) {
    forward(number, GROUP);
    forward(Linux.SIGCONT, GROUP);
  }

  private void queue(Operand number) {
    b.store(4, sent, 0, number);
    b.store(4, sent, 8, n(SI_QUEUE));
    b.call(Syscall.RT_SIGQUEUEINFO, c.init, number, sent).tolerateAll();
  }

  /** On SIGTSTP: asks a payload with a terminal to stop, and stops with any other. */
  void onStop() {
    Label terminalless = b.label();
    Label done = b.label();
    b.jumpIfEqual(c.terminal, n(-1), terminalless);
    forward(Linux.SIGTSTP, GROUP);
    b.jump(done);
    b.place(terminalless);
    stop();
    b.place(done);
  }

  /** Stops the payload, then this process; goes on once it is continued. */
  void stop() {
    forward(Linux.SIGTSTP, STOP_GROUP);
    leaveTerminal();
    b.call(Syscall.GETPID).into(value);
    b.call(Syscall.KILL, value, n(Linux.SIGSTOP)).tolerateAll();
    forgetReport();
    resume();
  }

  /** That the payload stopped is known here; another stop for it would need two resumptions. */
  private void forgetReport() {
    Label none = b.label();
    Operand.Immediate poll = b.zeroes(8);
    b.store(4, poll, 0, status.read);
    b.store(4, poll, 4, n(Linux.POLLIN));
    b.call(Syscall.PPOLL, poll, n(1), b.words(0, 0), n(0), n(8)).into(value).tolerateAll();
    b.jumpIfNotEqual(value, n(1), none);
    status.take(none, none);
    b.place(none);
  }

  /**
   * The payload was stopped: this process's job stops as if the terminal had sent SIGTSTP to it,
   * which the kernel leaves out where no shell could resume it (setpgid(2)).
   */
  void withPayload() {
    leaveTerminal();
    Operand.Immediate mask = b.words(1L << (Linux.SIGTSTP - 1));
    b.call(Syscall.RT_SIGPROCMASK, n(Linux.SIG_UNBLOCK), mask, n(0), n(8)).tolerateAll();
    b.call(Syscall.KILL, n(0), n(Linux.SIGTSTP)).tolerateAll();
    b.call(Syscall.RT_SIGPROCMASK, n(Linux.SIG_BLOCK), mask, n(0), n(8)).tolerateAll();
    resume();
  }

  /** Gives the terminal back: what waits for keys would take the next ones from a shell. */
  private void leaveTerminal() {
    signalReaders(Linux.SIGSTOP);
    terminal.restore();
  }

  private void signalReaders(int number) {
    for (Operand.Slot reader : List.of(relays.terminalIn, c.relay[0])) {
      Label none = b.label();
      b.jumpIfEqual(reader, n(0), none);
      b.call(Syscall.KILL, reader, n(number)).tolerateAll();
      b.place(none);
    }
  }

  void resume() {
    terminal.makeRaw();
    signalReaders(Linux.SIGCONT);
    terminal.resize();
    forward(Linux.SIGCONT, GROUP);
  }
}
