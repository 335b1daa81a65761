package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.ProgramBuilder.Advice;
import dev.caisson.launch.ProgramBuilder.Label;
import java.util.List;

/**
 * How the keeper ends when a step failed: the sandbox is killed and waited for, then the failure is
 * printed, or handed to the process that spawned it.
 */
final class FailureSteps {
  private static final int ROW = 16;
  private static final String START = "caisson: ";

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final ResultSteps result;
  private final Operand.Slot failed = new Operand.Slot(LaunchProgram.FAILED_STEP_SLOT);
  private final Operand.Slot errno = new Operand.Slot(LaunchProgram.ERRNO_SLOT);
  private final Operand.Slot step;
  private final Operand.Slot error;
  private final Operand.Slot source;
  private final Operand.Slot target;
  private final Operand.Slot value;
  private final Operand.Slot back;
  private final Operand.Slot status;
  private final Label append;

  FailureSteps(LaunchContext context, ResultSteps result) {
    c = context;
    this.result = result;
    b = context.b;
    step = b.slot();
    error = b.slot();
    source = b.slot();
    target = b.slot();
    value = b.slot();
    back = b.slot();
    status = b.slot();
    append = b.label();
  }

  /**
   * @param start where failing steps of the keeper go on
   * @param firstExec the first step that executes the payload's program
   * @param endExec the step after the last such
   */
  void emit(
      Label start,
      TerminalSteps terminal,
      UpperDirectory upper,
      ControlGroupSteps groups,
      int firstExec,
      int endExec) {
    b.place(start);
    // what is done here may fail too, and must not overwrite what is reported
    Label ignore = b.label();
    b.set(step, failed);
    b.set(error, errno);
    b.onFailure(ignore);
    Label noSandbox = b.label();
    b.jumpIfEqual(c.init, n(0), noSandbox);
    b.call(Syscall.KILL, c.init, n(Linux.SIGKILL)).tolerateAll();
    b.call(Syscall.WAIT4, c.init, n(0), n(0), n(0)).again().tolerateAll();
    b.place(noSandbox);
    terminal.restore();
    groups.remove();
    upper.remove();
    b.place(ignore);
    boolean spawned = c.request.mode() == Mode.SPAWNED;
    if (spawned) {
      b.store(8, c.failure, 0, step);
      b.store(8, c.failure, 8, error);
      b.call(Syscall.WRITE, n(KeeperSteps.REPORT), c.failure, n(16)).tolerateAll();
    }
    status(firstExec, endExec);
    if (!spawned || c.request.result().isPresent()) {
      compose(spawned);
    }
    b.call(Syscall.EXIT_GROUP, status);
  }

  /** The message, which is printed for a caller and kept in the record of the run. */
  private void compose(boolean spawned) {
    Operand.Immediate message = b.zeroes(16384);
    b.set(target, message);
    append(b.text(START));
    append(b.text("cannot "));
    meaning();
    Label noErrno = b.label();
    b.jumpIfEqual(error, n(0), noErrno);
    append(b.text(": "));
    b.arithmetic(Operation.MULTIPLY, value, error, n(8));
    b.add(value, value, errnoTexts());
    b.load(8, source, value, 0);
    b.perform(append, back);
    advice();
    b.place(noErrno);
    append(b.text(".\n"));
    b.arithmetic(Operation.SUBTRACT, value, target, message);
    if (!spawned) {
      b.call(Syscall.WRITE, n(2), message, value).again().tolerateAll();
    }
    if (c.request.result().isPresent()) {
      keep(message);
    }
    Label done = b.label();
    b.jump(done);
    appendRoutine();
    b.place(done);
  }

  /** Writes the message into the record, as text that needs no escapes in JSON. */
  private void keep(Operand.Immediate message) {
    Operand first = n(message.value() + START.length());
    Label next = b.label();
    Label replace = b.label();
    Label good = b.label();
    Label written = b.label();
    b.arithmetic(Operation.SUBTRACT, target, target, n(1));
    b.set(source, first);
    b.place(next);
    b.load(1, value, source, 0);
    b.jumpIfLess(value, n(' '), replace);
    b.jumpIfLess(n('~'), value, replace);
    b.jumpIfEqual(value, n('"'), replace);
    b.jumpIfNotEqual(value, n('\\'), good);
    b.place(replace);
    b.store(1, source, 0, n('?'));
    b.place(good);
    b.add(source, source, n(1));
    b.jumpIfLess(source, target, next);
    b.arithmetic(Operation.SUBTRACT, value, target, first);
    b.onFailure(written);
    result.writeFailure(status, first, value);
    b.place(written);
  }

  private void append(Operand text) {
    b.set(source, text);
    b.perform(append, back);
  }

  /** Appends what the failing step is for: its offset stands in the low 24 bits of its word 3. */
  private void meaning() {
    b.arithmetic(Operation.MULTIPLY, value, step, n(StepCodec.STEP_BYTES));
    b.load(8, source, n(LaunchProgram.TEXT_ADDRESS), Elf.STEPS_ADDRESS_OFFSET);
    b.add(value, value, source);
    b.load(4, source, value, StepCodec.MEANING_OFFSET);
    b.arithmetic(Operation.AND, source, source, n(StepCodec.MEANING_MASK));
    b.add(source, source, n(LaunchProgram.DATA_ADDRESS));
    b.perform(append, back);
  }

  /** A table of pointers by errno: "ENOENT (No such file or directory)". */
  private Operand.Immediate errnoTexts() {
    int last = 0;
    for (Errno each : Errno.values()) {
      last = Math.max(last, each.number());
    }
    long[] table = new long[last + 1];
    java.util.Arrays.fill(table, b.text("an unknown error").value());
    for (Errno each : Errno.values()) {
      table[each.number()] = b.text(each.name() + " (" + each.meaning() + ")").value();
    }
    return b.words(table);
  }

  /** Appends the advice for this step and error, if there is any. */
  private void advice() {
    List<Advice> all = b.advice();
    long[] rows = new long[all.size() * 2];
    for (int i = 0; i < all.size(); i++) {
      rows[i * 2] = all.get(i).step() | (long) all.get(i).errno().number() << 32;
      rows[i * 2 + 1] = b.text(all.get(i).text()).value();
    }
    Operand.Immediate table = b.words(rows);
    Operand.Slot row = b.slot();
    Operand.Slot key = b.slot();
    Label next = b.label();
    Label found = b.label();
    Label done = b.label();
    b.arithmetic(Operation.MULTIPLY, key, error, n(1L << 32));
    b.arithmetic(Operation.OR, key, key, step);
    b.set(row, table);
    b.place(next);
    b.jumpIfEqual(row, n(table.value() + rows.length * 8L), done);
    b.load(8, value, row, 0);
    b.jumpIfEqual(value, key, found);
    b.add(row, row, n(ROW));
    b.jump(next);
    b.place(found);
    append(b.text(". "));
    b.load(8, source, row, 8);
    b.perform(append, back);
    b.place(done);
  }

  /** Copies the text at {@code source} to {@code target}, which moves on. */
  private void appendRoutine() {
    Label next = b.label();
    Label end = b.label();
    b.place(append);
    b.place(next);
    b.load(1, value, source, 0);
    b.jumpIfEqual(value, n(0), end);
    b.store(1, target, 0, value);
    b.add(source, source, n(1));
    b.add(target, target, n(1));
    b.jump(next);
    b.place(end);
    b.jumpTo(back);
  }

  private void status(int firstExec, int endExec) {
    Label known = b.label();
    b.set(status, n(125));
    b.jumpIfLess(step, n(firstExec), known);
    b.jumpIfLess(n(endExec - 1), step, known);
    b.set(status, n(127));
    b.jumpIfEqual(error, n(Errno.ENOENT.number()), known);
    b.jumpIfEqual(error, n(Errno.ENOTDIR.number()), known);
    b.set(status, n(126));
    b.place(known);
  }
}
