package dev.caisson.launch;

/** An argument of a step. */
public sealed interface Operand {
  /** A constant known when the program was planned; addresses of its data are constants too. */
  record Immediate(long value) implements Operand {}

  /**
   * The content of a slot when the step runs.
   *
   * @param index 0 to {@link LaunchProgram#SLOTS} - 1
   */
  record Slot(int index) implements Operand {}

  /** The constant {@code value}. */
  static Immediate of(long value) {
    return new Immediate(value);
  }
}
