package dev.caisson.cli;

import dev.caisson.launch.Operand;
import dev.caisson.launch.Operation;
import dev.caisson.launch.ProgramBuilder;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.launch.Syscall;
import java.nio.charset.StandardCharsets;

/**
 * Steps that print a report of labelled lines on standard output. What they share is at the end of
 * the program: {@link #routines} adds it.
 */
final class ReportWriter {
  private static final Operand STDOUT = Operand.of(1);
  private static final Operand ZERO = Operand.of(0);
  private static final Operand ONE = Operand.of(1);
  private static final int LABEL_WIDTH = 18;
  private static final int LINE_WIDTH = 78;
  private static final int DIGITS = 24;

  private final ProgramBuilder b;
  private final Operand.Slot value;
  private final Operand.Slot at;
  private final Operand.Slot length;
  private final Operand.Slot character;
  private final Operand.Slot column;
  private final Operand.Slot back;
  private final Operand.Slot innerBack;
  private final Label decimal;
  private final Label word;
  private final Label measure;

  ReportWriter(ProgramBuilder builder) {
    b = builder;
    value = b.slot();
    at = b.slot();
    length = b.slot();
    character = b.slot();
    column = b.slot();
    back = b.slot();
    innerBack = b.slot();
    decimal = b.label();
    word = b.label();
    measure = b.label();
  }

  void print(String text) {
    Operand count = Operand.of(text.getBytes(StandardCharsets.UTF_8).length);
    b.call(Syscall.WRITE, STDOUT, b.text(text), count).again();
  }

  /** Starts a line of one value. */
  void label(String text) {
    print("  " + text + " ".repeat(LABEL_WIDTH - 2 - text.length()));
  }

  /** Starts a line of words. */
  void list(String text) {
    print("  " + text + " ".repeat(LABEL_WIDTH - 3 - text.length()));
    b.set(column, Operand.of(LABEL_WIDTH - 1));
  }

  void printDecimal(Operand number) {
    b.set(value, number);
    b.perform(decimal, back);
  }

  /** Prints the bytes at {@code start} up to {@code end}, which is among them. */
  void printUpTo(Operand start, int end) {
    b.set(at, start);
    b.set(character, Operand.of(end));
    b.perform(measure, back);
    b.call(Syscall.WRITE, STDOUT, at, length).again();
  }

  /** One of many words up to {@code end}; a line that would be too long is ended before it. */
  void printWord(Operand start, int end) {
    b.set(at, start);
    b.set(character, Operand.of(end));
    b.perform(word, back);
  }

  /** The shared steps; they are reached by {@link ProgramBuilder#perform} only. */
  void routines() {
    decimalRoutine();
    measureRoutine();
    wordRoutine();
  }

  private void decimalRoutine() {
    Operand.Immediate digits = b.zeroes(DIGITS);
    Operand.Immediate end = Operand.of(digits.value() + DIGITS);
    Label another = b.label();
    b.place(decimal);
    b.set(at, end);
    b.place(another);
    b.arithmetic(Operation.REMAINDER, character, value, Operand.of(10));
    b.add(character, character, Operand.of('0'));
    b.arithmetic(Operation.SUBTRACT, at, at, ONE);
    b.store(1, at, 0, character);
    b.arithmetic(Operation.DIVIDE, value, value, Operand.of(10));
    b.jumpIfNotEqual(value, ZERO, another);
    b.arithmetic(Operation.SUBTRACT, length, end, at);
    b.call(Syscall.WRITE, STDOUT, at, length).again();
    b.jumpTo(back);
  }

  /** {@code length} becomes the distance from {@code at} to the next {@code character}. */
  private void measureRoutine() {
    Label another = b.label();
    Label found = b.label();
    b.place(measure);
    b.set(length, at);
    b.place(another);
    b.load(1, value, length, 0);
    b.jumpIfEqual(value, character, found);
    b.add(length, length, ONE);
    b.jump(another);
    b.place(found);
    b.arithmetic(Operation.SUBTRACT, length, length, at);
    b.jumpTo(back);
  }

  private void wordRoutine() {
    Label fits = b.label();
    b.place(word);
    b.set(innerBack, back);
    b.perform(measure, back);
    b.add(column, column, length);
    b.add(column, column, ONE);
    b.jumpIfLess(column, Operand.of(LINE_WIDTH), fits);
    print("\n" + " ".repeat(LABEL_WIDTH - 1));
    b.add(column, length, Operand.of(LABEL_WIDTH));
    b.place(fits);
    print(" ");
    b.call(Syscall.WRITE, STDOUT, at, length).again();
    b.jumpTo(innerBack);
  }
}
