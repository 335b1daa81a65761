package dev.caisson.launch;

import dev.caisson.policy.Architecture;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A launch as data: steps that a tiny interpreter runs in a fresh process, and the memory they work
 * on. Addresses are fixed, so every pointer is a constant.
 *
 * <p>Slot 0 holds the initial stack pointer, slot 1 the step that failed last and slot 2 its errno.
 */
public final class LaunchProgram {
  /** How many slots there are. */
  public static final int SLOTS = 512;

  /** Where the interpreter's code is mapped, readable and executable. */
  public static final long TEXT_ADDRESS = 0x1000_0000L;

  /** Where the steps are mapped, readable only; {@link Elf} chooses the low 16 bits. */
  public static final long STEPS_ADDRESS = 0x1010_0000L;

  /** Where the slots are mapped, writable; the data follow them, as in the file. */
  public static final long SLOTS_ADDRESS = 0x2000_0300L;

  /** Where byte 0 of the data is mapped. */
  public static final long DATA_ADDRESS = SLOTS_ADDRESS + SLOTS * 8L;

  /** The slots that the interpreter itself writes. */
  public static final int STACK_POINTER_SLOT = 0;

  public static final int FAILED_STEP_SLOT = 1;
  public static final int ERRNO_SLOT = 2;

  private final Architecture architecture;
  private final List<Step> steps;
  private final byte[] data;
  private final int zeroBytes;

  /**
   * @param data initial content of the memory at {@link #DATA_ADDRESS}
   * @param zeroBytes how many zero bytes follow the data
   * @throws IllegalArgumentException for a step that divides by a constant zero, names a slot or
   *     step that is not there, or whose result would overwrite slot 0
   */
  public LaunchProgram(Architecture architecture, List<Step> steps, byte[] data, int zeroBytes) {
    this.architecture = architecture;
    this.steps = List.copyOf(steps);
    this.data = data.clone();
    this.zeroBytes = zeroBytes;
    for (int i = 0; i < steps.size(); i++) {
      check(i, steps.get(i));
    }
  }

  public Architecture architecture() {
    return architecture;
  }

  public List<Step> steps() {
    return steps;
  }

  public byte[] data() {
    return data.clone();
  }

  public int zeroBytes() {
    return zeroBytes;
  }

  /** The text at {@code offset} of the data, up to a NUL byte or the data's end. */
  public String textAt(int offset) {
    int end = offset;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return new String(data, offset, end - offset, StandardCharsets.UTF_8);
  }

  /** What step {@code index} is for; empty where nothing was said. */
  public String meaningOf(int index) {
    int meaning = steps.get(index).meaning();
    return meaning == 0 ? "" : textAt(meaning);
  }

  private void check(int index, Step step) {
    for (Operand operand : step.operands()) {
      if (operand instanceof Operand.Slot slot) {
        Objects.checkIndex(slot.index(), SLOTS);
      }
    }
    Objects.checkIndex(step.result(), SLOTS);
    Objects.checkIndex(step.onFailure(), steps.size());
    Objects.checkIndex(step.meaning(), Math.max(data.length, 1));
    boolean divides =
        step.operation() == Operation.DIVIDE || step.operation() == Operation.REMAINDER;
    // not equals(): a record's is made when it is first called, which takes a cold JVM long
    Operand divisor = step.operands().get(1);
    if (divides && !divisor.isSlot() && divisor.code() == 0) {
      throw new IllegalArgumentException("step " + index + " divides by zero");
    }
    if (step.operation().isJump() && step.operands().get(2) instanceof Operand.Immediate target) {
      Objects.checkIndex(target.value(), (long) steps.size());
    }
    if (step.result() == STACK_POINTER_SLOT) {
      throw new IllegalArgumentException("step " + index + " overwrites the stack pointer");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LaunchProgram that
        && architecture == that.architecture
        && steps.equals(that.steps)
        && Arrays.equals(data, that.data)
        && zeroBytes == that.zeroBytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(architecture, steps, Arrays.hashCode(data), zeroBytes);
  }
}
