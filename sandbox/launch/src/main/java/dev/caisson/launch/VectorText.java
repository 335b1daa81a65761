package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import java.nio.charset.StandardCharsets;

/** A text of constants, numbers and parts chosen at run time, written by one writev(2). */
final class VectorText {
  private static final int LONGEST_NUMBER = 24;

  private final ProgramBuilder b;
  private final Operand.Immediate vector;
  private final int most;
  private final Operand.Slot end;
  private int parts;

  /**
   * @param most how many parts there are at the most
   */
  VectorText(ProgramBuilder builder, int most) {
    b = builder;
    this.most = most;
    vector = b.zeroes(most * 16);
    end = b.slot();
  }

  VectorText text(String constant) {
    byte[] bytes = constant.getBytes(StandardCharsets.UTF_8);
    return part(b.bytes(bytes), n(bytes.length));
  }

  VectorText number(Operand value) {
    Operand.Immediate digits = b.zeroes(LONGEST_NUMBER);
    b.set(end, digits);
    Decimal.append(b, value, end);
    b.arithmetic(Operation.SUBTRACT, end, end, digits);
    return part(digits, end);
  }

  VectorText part(Operand address, Operand length) {
    if (parts == most) {
      throw new IllegalStateException("a text of more than " + most + " parts");
    }
    b.store(8, vector, parts * 16L, address);
    b.store(8, vector, parts * 16L + 8, length);
    parts++;
    return this;
  }

  ProgramBuilder.Call write(String meaning, Operand descriptor) {
    return b.call(meaning, Syscall.WRITEV, descriptor, vector, n(parts));
  }
}
