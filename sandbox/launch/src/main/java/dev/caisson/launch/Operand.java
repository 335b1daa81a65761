package dev.caisson.launch;

/** An argument of a step. */
public sealed interface Operand {
  /** A constant known when the program was planned; addresses of its data are constants too. */
  record Immediate(long value) implements Operand {
    @Override
    public boolean isSlot() {
      return false;
    }

    @Override
    public long code() {
      return value;
    }
  }

  /**
   * The content of a slot when the step runs.
   *
   * @param index 0 to {@link LaunchProgram#SLOTS} - 1
   */
  record Slot(int index) implements Operand {
    @Override
    public boolean isSlot() {
      return true;
    }

    @Override
    public long code() {
      return index;
    }
  }

  /** Whether the step takes the content of a slot. */
  boolean isSlot();

  /** What stands in the encoded step: the constant, or the slot's number. */
  long code();

  /** The constant {@code value}. */
  static Immediate of(long value) {
    return new Immediate(value);
  }
}
