package dev.caisson.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Machine code that grows at its end, with labels that are filled in when all are placed. */
abstract class Assembler {
  private static final int CAPACITY = 1024;

  /** A place in the code. */
  static final class Label {
    private int position = -1;
  }

  /** How a reference to a label is written. */
  enum Reference {
    X86_BYTE,
    X86_INT,
    ARM_ADR,
    ARM_14,
    ARM_19,
    ARM_26
  }

  private record Fixup(int at, Reference reference, Label target) {}

  private final ByteBuffer code = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Fixup> fixups = new ArrayList<>();

  final void place(Label label) {
    label.position = code.position();
  }

  final boolean isPlaced(Label label) {
    return label.position >= 0;
  }

  /** Bytes from here back to a label that is placed. */
  final int distanceBack(Label label) {
    return code.position() - label.position;
  }

  final int position() {
    return code.position();
  }

  final void emitByte(int value) {
    code.put((byte) value);
  }

  final void emitInt(int value) {
    code.putInt(value);
  }

  /** Notes that the code at {@code at} refers to {@code target}. */
  final void refer(int at, Reference reference, Label target) {
    fixups.add(new Fixup(at, reference, target));
  }

  /** The finished code. */
  final byte[] assemble() {
    for (Fixup fixup : fixups) {
      patch(fixup);
    }
    return Arrays.copyOf(code.array(), code.position());
  }

  private void patch(Fixup fixup) {
    int at = fixup.at();
    if (!isPlaced(fixup.target())) {
      throw new IllegalStateException("a label was never placed");
    }
    int distance = fixup.target().position - at;
    switch (fixup.reference()) {
      // x86 counts from the end of the instruction, which is the end of the field
      case X86_BYTE -> code.put(at, (byte) signed(distance - 1, 8));
      case X86_INT -> code.putInt(at, distance - 4);
      case ARM_ADR -> {
        int field = signed(distance, 21);
        or(at, (field & 3) << 29 | (field >> 2 & 0x7_ffff) << 5);
      }
      case ARM_14 -> or(at, (signed(distance >> 2, 14) & 0x3fff) << 5);
      case ARM_19 -> or(at, (signed(distance >> 2, 19) & 0x7_ffff) << 5);
      case ARM_26 -> or(at, signed(distance >> 2, 26) & 0x3ff_ffff);
    }
  }

  private void or(int at, int bits) {
    code.putInt(at, code.getInt(at) | bits);
  }

  private static int signed(int value, int bits) {
    if (value < -(1 << (bits - 1)) || value >= 1 << (bits - 1)) {
      throw new IllegalStateException("a jump over " + value + " is too far");
    }
    return value;
  }
}
