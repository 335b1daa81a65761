package dev.caisson.launch;

/**
 * The A64 instructions that the interpreter uses (Arm Architecture Reference Manual, chapter C6).
 * Registers are given by number; 31 is the zero register, or the stack pointer in {@link #add} with
 * a constant. They are 64 bits wide unless a method's name says 32.
 */
final class Arm64Assembler extends Assembler {
  static final int ZERO = 31;
  static final int STACK_POINTER = 31;

  /** When to branch, as the instruction's low four bits. */
  enum Condition {
    EQUAL(0),
    NOT_EQUAL(1),
    BELOW(3);

    private final int code;

    Condition(int code) {
      this.code = code;
    }
  }

  /** A load or store; both forms' opcodes and how many bytes it moves. */
  enum Access {
    LOAD_1(0x3940_0000, 0x3860_6800, 0),
    LOAD_2(0x7940_0000, 0x7860_6800, 1),
    LOAD_4(0xb940_0000, 0xb860_6800, 2),
    LOAD_8(0xf940_0000, 0xf860_6800, 3),
    STORE_1(0x3900_0000, 0x3820_6800, 0),
    STORE_4(0xb900_0000, 0xb820_6800, 2),
    STORE_8(0xf900_0000, 0xf820_6800, 3);

    private final int withOffset;
    private final int withRegister;
    private final int sizeBits;

    Access(int withOffset, int withRegister, int sizeBits) {
      this.withOffset = withOffset;
      this.withRegister = withRegister;
      this.sizeBits = sizeBits;
    }
  }

  private static final int SCALED = 1 << 12;

  /** A constant of 32 bits. */
  void moveImmediate(int to, int value) {
    emitInt(0xd280_0000 | (value & 0xffff) << 5 | to);
    emitInt(0xf2a0_0000 | (value >>> 16) << 5 | to);
  }

  /** {@code offset} is at least 0 and a multiple of the access's size. */
  void access(Access access, int register, int base, int offset) {
    emitInt(access.withOffset | offset >> access.sizeBits << 10 | base << 5 | register);
  }

  /** At {@code base + index}. */
  void accessAt(Access access, int register, int base, int index) {
    emitInt(access.withRegister | index << 16 | base << 5 | register);
  }

  /** At {@code base + index * size}. */
  void accessElement(Access access, int register, int base, int index) {
    emitInt(access.withRegister | SCALED | index << 16 | base << 5 | register);
  }

  /** Loads 8 bytes from {@code distance} bytes before the code's first byte. */
  void loadBeforeCode(int to, int distance) {
    int words = (-distance - position()) >> 2;
    emitInt(0x5800_0000 | (words & 0x7_ffff) << 5 | to);
  }

  void address(int to, Label target) {
    refer(position(), Reference.ARM_ADR, target);
    emitInt(0x1000_0000 | to);
  }

  void add(int to, int from, int constant) {
    emitInt(0x9100_0000 | constant << 10 | from << 5 | to);
  }

  /** {@code to = a + (b << shift)}. */
  void addShifted(int to, int a, int b, int shift) {
    emitInt(0x8b00_0000 | b << 16 | shift << 10 | a << 5 | to);
  }

  void subtract(int to, int a, int b) {
    emitInt(0xcb00_0000 | b << 16 | a << 5 | to);
  }

  void subtract32(int to, int a, int b) {
    emitInt(0x4b00_0000 | b << 16 | a << 5 | to);
  }

  void and(int to, int a, int b) {
    emitInt(0x8a00_0000 | b << 16 | a << 5 | to);
  }

  void or(int to, int a, int b) {
    emitInt(0xaa00_0000 | b << 16 | a << 5 | to);
  }

  void multiply(int to, int a, int b) {
    emitInt(0x9b00_7c00 | b << 16 | a << 5 | to);
  }

  /** {@code to = from - a * b}. */
  void multiplySubtract(int to, int a, int b, int from) {
    emitInt(0x9b00_8000 | b << 16 | from << 10 | a << 5 | to);
  }

  /** Unsigned. */
  void divide(int to, int a, int b) {
    emitInt(0x9ac0_0800 | b << 16 | a << 5 | to);
  }

  void shiftRight(int to, int from, int bits) {
    emitInt(0xd340_fc00 | bits << 16 | from << 5 | to);
  }

  void shiftRight32(int to, int from, int bits) {
    emitInt(0x5300_7c00 | bits << 16 | from << 5 | to);
  }

  void lowByte32(int to, int from) {
    emitInt(0x5300_1c00 | from << 5 | to);
  }

  void compare(int a, int b) {
    emitInt(0xeb00_001f | b << 16 | a << 5);
  }

  void compare32(int a, int b) {
    emitInt(0x6b00_001f | b << 16 | a << 5);
  }

  void compareConstant32(int a, int constant) {
    emitInt(0x7100_001f | constant << 10 | a << 5);
  }

  /** With {@code -constant}. */
  void compareNegative(int a, int constant) {
    emitInt(0xb100_001f | constant << 10 | a << 5);
  }

  void supervisorCall() {
    emitInt(0xd400_0001);
  }

  void branchTo(int register) {
    emitInt(0xd61f_0000 | register << 5);
  }

  void branch(Label target) {
    refer(position(), Reference.ARM_26, target);
    emitInt(0x1400_0000);
  }

  void branchIf(Condition condition, Label target) {
    refer(position(), Reference.ARM_19, target);
    emitInt(0x5400_0000 | condition.code);
  }

  void branchIfNotZero32(int register, Label target) {
    refer(position(), Reference.ARM_19, target);
    emitInt(0x3500_0000 | register);
  }

  /** {@code bit} is below 32. */
  void branchIfBitClear(int register, int bit, Label target) {
    refer(position(), Reference.ARM_14, target);
    emitInt(0x3600_0000 | bit << 19 | register);
  }
}
