package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

/** Times of the kernel's as numbers: a struct timeval or timespec. */
final class Microseconds {
  private Microseconds() {}

  /**
   * Loads the time at {@code address + offset}: seconds, and parts of one.
   *
   * @param part is overwritten
   * @param each how many parts make a microsecond
   */
  static void load(
      ProgramBuilder b,
      Operand.Slot into,
      Operand.Slot part,
      Operand address,
      int offset,
      int each) {
    b.load(8, into, address, offset);
    b.load(8, part, address, offset + 8L);
    b.arithmetic(Operation.DIVIDE, part, part, n(each));
    b.arithmetic(Operation.MULTIPLY, into, into, n(1_000_000));
    b.add(into, into, part);
  }
}
