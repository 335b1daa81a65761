package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.util.ArrayList;
import java.util.List;

/**
 * Relays: forks of the keeper that copy one stream each, so that the keeper never blocks and the
 * payload never holds the caller's own files. A relay ends with the errno that stopped it, or 0.
 */
final class RelaySteps {
  private static final int SOURCE = 60;
  private static final int TARGET = 61;
  private static final int CHUNK = 65536;

  /** All signals blocked but SIGTTIN and SIGTTOU: a background relay stops with its job. */
  private static final long MASK = ~((1L << (Linux.SIGTTIN - 1)) | (1L << (Linux.SIGTTOU - 1)));

  private record Child(Label start, Runnable steps) {}

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final TerminalSteps terminal;
  private final OutputLimit output;
  private final List<Child> children = new ArrayList<>();
  private final Label copy;
  private final Operand.Slot keeper;

  /** 1 where an end of the copy is a terminal: then EIO is its end, not an error. */
  private final Operand.Slot terminalEnds;

  /** 1 where an end of file is typed: the source edits lines, the sandbox's terminal does not. */
  private final Operand.Slot typesEnd;

  final Operand.Slot terminalIn;
  final Operand.Slot terminalOut;

  RelaySteps(LaunchContext context, TerminalSteps terminal, OutputLimit output) {
    c = context;
    b = context.b;
    this.output = output;
    this.terminal = terminal;
    copy = b.label();
    keeper = b.slot();
    terminalEnds = b.slot();
    typesEnd = b.slot();
    terminalIn = b.slot();
    terminalOut = b.slot();
  }

  /**
   * In the keeper, once the sandbox has its ends of the pipes: starts the relays of the streams.
   */
  void startAll() {
    b.call("start the relays", Syscall.GETPID).into(keeper);
    for (int fd = 0; fd < 3; fd++) {
      b.call("start the relays", Syscall.CLOSE, c.payloadEnd[fd]).tolerateAll();
    }
    for (int fd = 0; fd < 3; fd++) {
      Label next = b.label();
      b.jumpIfNotEqual(c.stream[fd], Stream.RELAYED, next);
      start(fd);
      b.place(next);
    }
  }

  /** Starts the relay of one stream. */
  void start(int fd) {
    Label child = b.label();
    c.fork("start a relay", 0, c.relay[fd], child);
    b.call(Syscall.CLOSE, c.relayEnd[fd]).tolerateAll();
    children.add(
        new Child(
            child,
            () -> {
              if (fd == 0) {
                dieWithKeeper();
                takeDescriptors(n(0), c.relayEnd[0]);
              } else {
                output.watch();
                takeDescriptors(c.relayEnd[fd], n(fd));
              }
            }));
  }

  /** Starts the relays between the caller's terminal and the sandbox's. */
  void startTerminal() {
    Label noInput = b.label();
    Label input = b.label();
    Label printed = b.label();
    c.fork("start a relay", 0, terminalOut, printed);
    children.add(
        new Child(
            printed,
            () -> {
              b.set(terminalEnds, n(1));
              output.watch();
              takeDescriptors(terminal.master, c.terminal);
            }));
    // keys are read only for a payload that has the terminal to read from or to draw on
    Label reads = b.label();
    b.jumpIfEqual(c.stream[0], Stream.TERMINAL, reads);
    b.jumpIfNotEqual(c.stream[1], Stream.TERMINAL, noInput);
    b.place(reads);
    c.fork("start a relay", 0, terminalIn, input);
    children.add(
        new Child(
            input,
            () -> {
              dieWithKeeper();
              b.set(terminalEnds, n(1));
              b.arithmetic(Operation.SUBTRACT, typesEnd, n(1), terminal.wantsRaw);
              takeDescriptors(c.terminal, terminal.master);
            }));
    b.place(noInput);
  }

  /** The relays' own steps; nothing falls through to them. */
  void emit() {
    Label end = b.label();
    b.role(Role.RELAY);
    b.onFailure(end);
    for (Child child : children) {
      b.place(child.start());
      child.steps().run();
      b.jump(copy);
    }
    copyLoop(end);
  }

  private void dieWithKeeper() {
    b.call(Syscall.PRCTL, n(Linux.PR_SET_PDEATHSIG), n(Linux.SIGKILL));
    Label alive = b.label();
    b.call(Syscall.GETPPID).into(c.scratch);
    b.jumpIfEqual(c.scratch, keeper, alive);
    b.call(Syscall.EXIT_GROUP, n(0));
    b.place(alive);
  }

  /** Keeps the two ends alone: a relay that held another pipe's end would hide its closing. */
  private void takeDescriptors(Operand source, Operand target) {
    b.call(Syscall.RT_SIGPROCMASK, n(Linux.SIG_SETMASK), b.words(MASK), n(0), n(8));
    b.call(Syscall.DUP3, source, n(SOURCE), n(0));
    b.call(Syscall.DUP3, target, n(TARGET), n(0));
    b.call(Syscall.CLOSE_RANGE, n(0), n(SOURCE - 1), n(0));
    int kept = output.isSet() ? OutputLimit.COUNTER : TARGET;
    b.call(Syscall.CLOSE_RANGE, n(kept + 1), n(Linux.LAST_DESCRIPTOR), n(0));
  }

  private void copyLoop(Label failed) {
    Operand.Immediate chunk = b.zeroes(CHUNK);
    Operand.Immediate source = b.words(SOURCE | (long) Linux.POLLIN << 32);
    Operand.Immediate target = b.words(TARGET | (long) Linux.POLLOUT << 32);
    Operand.Slot at = b.slot();
    Operand.Slot left = b.slot();
    Operand.Slot count = b.slot();
    Operand.Slot errno = b.slot();
    Label write = b.label();
    Label rest = b.label();
    Label readFailed = b.label();
    Label writeFailed = b.label();
    Label ended = b.label();
    Label ends = b.label();
    b.place(copy);
    b.call(Syscall.READ, n(SOURCE), chunk, n(CHUNK)).again().into(left).otherwise(readFailed);
    b.set(at, chunk);
    b.jumpIfNotEqual(left, n(0), write);
    b.jumpIfEqual(typesEnd, n(0), ended);
    // a terminal that hung up ends for good
    b.call(Syscall.PPOLL, source, n(1), b.words(0, 0), n(0), n(8)).again();
    b.load(2, count, source, 6);
    b.arithmetic(Operation.AND, count, count, n(Linux.POLLHUP));
    b.jumpIfNotEqual(count, n(0), ended);
    // ^D, the default end-of-file character of termios(3)
    b.store(1, chunk, 0, n(4));
    b.set(left, n(1));
    b.place(write);
    Operand.Slot taken = output.take(left);
    b.place(rest);
    b.call(Syscall.WRITE, n(TARGET), at, taken).again().into(count).otherwise(writeFailed);
    b.add(at, at, count);
    b.arithmetic(Operation.SUBTRACT, left, left, count);
    if (taken.index() != left.index()) {
      b.arithmetic(Operation.SUBTRACT, taken, taken, count);
      b.jumpIfNotEqual(taken, n(0), rest);
    }
    b.jumpIfNotEqual(left, n(0), write);
    b.jump(copy);

    b.place(readFailed);
    b.set(errno, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    Label readForGood = b.label();
    b.jumpIfNotEqual(errno, n(Errno.EAGAIN.number()), readForGood);
    b.call(Syscall.PPOLL, source, n(1), n(0), n(0), n(8)).again();
    b.jump(copy);
    b.place(readForGood);
    b.jumpIfEqual(errno, n(Errno.EBADF.number()), ended);
    b.jump(ends);

    b.place(writeFailed);
    b.set(errno, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    Label writeForGood = b.label();
    b.jumpIfNotEqual(errno, n(Errno.EAGAIN.number()), writeForGood);
    b.call(Syscall.PPOLL, target, n(1), n(0), n(0), n(8)).again();
    b.jump(rest);
    b.place(writeForGood);
    b.jumpIfEqual(errno, n(Errno.EPIPE.number()), ended);

    b.place(ends);
    Label report = b.label();
    b.jumpIfEqual(terminalEnds, n(0), report);
    b.jumpIfNotEqual(errno, n(Errno.EIO.number()), report);
    b.place(ended);
    Label kept = b.label();
    b.call(Syscall.GETPPID).into(c.scratch);
    b.jumpIfEqual(c.scratch, keeper, kept);
    b.jumpIfEqual(terminalEnds, n(0), kept);
    terminal.restoreAbandoned(n(TARGET));
    b.place(kept);
    b.call(Syscall.EXIT_GROUP, n(0));
    b.place(report);
    b.call(Syscall.EXIT_GROUP, errno);
    b.place(failed);
    b.call(Syscall.EXIT_GROUP, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
  }
}
