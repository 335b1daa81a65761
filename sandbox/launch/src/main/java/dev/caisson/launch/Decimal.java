package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/** Numbers in texts that are made while a program runs. */
final class Decimal {
  private static final int LONGEST = 20;

  private Decimal() {}

  /** Puts {@code number} in decimal at the address {@code end}, which moves behind it. */
  static void append(ProgramBuilder b, Operand number, Operand.Slot end) {
    Operand.Immediate digits = b.zeroes(24);
    Operand.Slot rest = b.slot();
    Operand.Slot at = b.slot();
    Operand.Slot digit = b.slot();
    b.set(rest, number);
    b.set(at, n(digits.value() + LONGEST));
    Label nextDigit = b.label();
    b.place(nextDigit);
    b.arithmetic(Operation.REMAINDER, digit, rest, n(10));
    b.add(digit, digit, n('0'));
    b.arithmetic(Operation.SUBTRACT, at, at, n(1));
    b.store(1, at, 0, digit);
    b.arithmetic(Operation.DIVIDE, rest, rest, n(10));
    b.jumpIfNotEqual(rest, n(0), nextDigit);
    Label copy = b.label();
    b.place(copy);
    b.load(1, digit, at, 0);
    b.store(1, end, 0, digit);
    b.add(end, end, n(1));
    b.add(at, at, n(1));
    b.jumpIfLess(at, n(digits.value() + LONGEST), copy);
  }
}
