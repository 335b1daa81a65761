package dev.caisson.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps as the interpreter reads them: 64 bytes each, little-endian.
 *
 * <pre>
 *  0 u8    operation        1 u8    bit i set: operand i is a slot
 *  2 u16   system call      4 u8[4] tolerated errors, 0 for none
 *  8 u16   result slot     10 u16   step to go on at after a failure
 * 12 u32   meaning (24 bits) and role (8 bits)
 * 16 u64[6] operands
 * </pre>
 */
final class StepCodec {
  static final int STEP_BYTES = 64;
  static final int SLOT_MASK_OFFSET = 1;
  static final int NUMBER_OFFSET = 2;
  static final int TOLERATED_OFFSET = 4;
  static final int RESULT_OFFSET = 8;
  static final int ON_FAILURE_OFFSET = 10;
  static final int OPERANDS_OFFSET = 16;

  static final int MEANING_OFFSET = 12;
  static final int MEANING_MASK = 0xff_ffff;
  private static final int MAX_TOLERATED = 4;
  private static final Operation[] OPERATIONS = Operation.values();
  private static final Role[] ROLES = Role.values();

  private StepCodec() {}

  /**
   * The steps one after the other.
   *
   * @throws IllegalArgumentException if a field does not fit its width
   */
  static byte[] encode(List<Step> steps) {
    ByteBuffer out = ByteBuffer.allocate(steps.size() * STEP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Step step : steps) {
      encode(step, out);
    }
    return out.array();
  }

  private static void encode(Step step, ByteBuffer out) {
    out.put((byte) step.operation().ordinal());
    out.put((byte) slotMask(step.operands()));
    out.putShort((short) fitting("system call", step.number(), 0xffff));
    for (int i = 0; i < MAX_TOLERATED; i++) {
      out.put((byte) (i < step.tolerated().size() ? tolerated(step.tolerated().get(i)) : 0));
    }
    out.putShort((short) fitting("result slot", step.result(), LaunchProgram.SLOTS - 1));
    out.putShort((short) fitting("failure step", step.onFailure(), 0xffff));
    out.putInt(fitting("meaning", step.meaning(), MEANING_MASK) | step.role().ordinal() << 24);
    for (Operand operand : step.operands()) {
      out.putLong(operand.code());
    }
  }

  private static int slotMask(List<Operand> operands) {
    int mask = 0;
    for (int i = 0; i < operands.size(); i++) {
      if (operands.get(i).isSlot()) {
        mask |= 1 << i;
      }
    }
    return mask;
  }

  private static int tolerated(int errno) {
    if (errno == 0) {
      throw new IllegalArgumentException("0 is no error");
    }
    return fitting("tolerated error", errno, Step.ANY_ERROR);
  }

  private static int fitting(String field, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(field + " " + value + " does not fit a step");
    }
    return value;
  }

  /**
   * The steps that {@link #encode} wrote.
   *
   * @throws ProgramRefusal if it could not have written {@code bytes}
   */
  static List<Step> decode(byte[] bytes) {
    if (bytes.length % STEP_BYTES != 0) {
      throw new ProgramRefusal("its step table ends within a step");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Step> steps = new ArrayList<>(bytes.length / STEP_BYTES);
    while (in.hasRemaining()) {
      steps.add(decode(in, steps.size()));
    }
    return steps;
  }

  private static Step decode(ByteBuffer in, int index) {
    int operation = Byte.toUnsignedInt(in.get());
    int mask = Byte.toUnsignedInt(in.get());
    int number = Short.toUnsignedInt(in.getShort());
    List<Integer> tolerated = tolerated(in, index);
    int result = Short.toUnsignedInt(in.getShort());
    int onFailure = Short.toUnsignedInt(in.getShort());
    int meaningAndRole = in.getInt();
    int role = meaningAndRole >>> 24;
    if (operation >= OPERATIONS.length || role >= ROLES.length || mask > 0x3f) {
      throw new ProgramRefusal("step " + index + " has an unknown operation, role or operand");
    }
    List<Operand> operands = new ArrayList<>(6);
    for (int i = 0; i < 6; i++) {
      operands.add(operand(in.getLong(), (mask & 1 << i) != 0, index));
    }
    return new Step(
        OPERATIONS[operation],
        ROLES[role],
        number,
        operands,
        result,
        tolerated,
        onFailure,
        meaningAndRole & MEANING_MASK);
  }

  private static List<Integer> tolerated(ByteBuffer in, int index) {
    List<Integer> errors = new ArrayList<>();
    boolean ended = false;
    for (int i = 0; i < MAX_TOLERATED; i++) {
      int errno = Byte.toUnsignedInt(in.get());
      if (errno != 0 && ended) {
        throw new ProgramRefusal("step " + index + " has a gap in its tolerated errors");
      }
      ended |= errno == 0;
      if (!ended) {
        errors.add(errno);
      }
    }
    return errors;
  }

  private static Operand operand(long code, boolean slot, int index) {
    if (!slot) {
      return Operand.of(code);
    }
    if (code < 0 || code >= LaunchProgram.SLOTS) {
      throw new ProgramRefusal("step " + index + " names slot " + Long.toUnsignedString(code));
    }
    return new Operand.Slot((int) code);
  }
}
