package dev.caisson.launch;

/**
 * The x86-64 instructions that the interpreter uses (Intel SDM volume 2). Register operands are 64
 * bits wide unless a method's name says 32.
 */
final class X86Assembler extends Assembler {
  /** In the order of their numbers. */
  enum Register {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12
  }

  /** Two-operand arithmetic; the number picks the opcode. */
  enum Alu {
    ADD(0),
    OR(1),
    AND(4),
    SUB(5),
    XOR(6),
    CMP(7);

    private final int number;

    Alu(int number) {
      this.number = number;
    }
  }

  /** When to jump, as the low half of the opcode. */
  enum Condition {
    BELOW(2),
    NOT_BELOW(3),
    EQUAL(4),
    NOT_EQUAL(5);

    private final int code;

    Condition(int code) {
      this.code = code;
    }
  }

  /** A place in memory; RSP as index means none, as in the encoding. */
  record Memory(Register base, Register index, int scaleBits, int displacement) {}

  static final int MOV_LOAD = 0x8b;
  static final int MOV_STORE = 0x89;
  static final int MOV_STORE_BYTE = 0x88;
  static final int MOVZX_BYTE = 0x0fb6;
  static final int MOVZX_SHORT = 0x0fb7;
  static final int LEA = 0x8d;

  /** {@code displacement} fits a signed byte; {@code base} is not RSP or R12. */
  static Memory at(Register base, int displacement) {
    return new Memory(base, Register.RSP, 0, displacement);
  }

  /** {@code base + index * 2^scaleBits}; {@code base} is not RBP. */
  static Memory at(Register base, Register index, int scaleBits) {
    return new Memory(base, index, scaleBits, 0);
  }

  void movImmediate32(Register to, int value) {
    emitByte(0xb8 + to.ordinal());
    emitInt(value);
  }

  void mov(Register to, Register from) {
    registers(true, MOV_STORE, from, to);
  }

  void mov32(Register to, Register from) {
    registers(false, MOV_STORE, from, to);
  }

  /** A load, store or lea of 64 bits. */
  void memory(int opcode, Register register, Memory memory) {
    memory(true, opcode, register, memory);
  }

  /** A load or store of at most 32 bits; a load clears the rest. */
  void memory32(int opcode, Register register, Memory memory) {
    memory(false, opcode, register, memory);
  }

  /** A load or lea of what stands at {@code target}. */
  void relative(int opcode, Register to, Label target) {
    rex(true, to.ordinal(), 0, 0);
    emitByte(opcode);
    modRm(0, to.ordinal(), 5);
    refer(position(), Reference.X86_INT, target);
    emitInt(0);
  }

  /** A load from {@code distance} bytes before the code's first byte. */
  void loadBeforeCode(Register to, int distance) {
    rex(true, to.ordinal(), 0, 0);
    emitByte(MOV_LOAD);
    modRm(0, to.ordinal(), 5);
    emitInt(-distance - (position() + 4));
  }

  void alu(Alu operation, Register to, Register from) {
    registers(true, operation.number << 3 | 1, from, to);
  }

  void alu32(Alu operation, Register to, Register from) {
    registers(false, operation.number << 3 | 1, from, to);
  }

  /** With a signed byte. */
  void aluByte(Alu operation, Register to, int value) {
    group(true, 0x83, operation.number, to);
    emitByte(value);
  }

  /** With a signed int. */
  void aluInt(Alu operation, Register to, int value) {
    group(true, 0x81, operation.number, to);
    emitInt(value);
  }

  void compareByte(Memory memory, int value) {
    rexAndOpcode(false, 0x80, Alu.CMP.number, memory);
    emitByte(value);
  }

  void multiply(Register to, Register from) {
    registers(true, 0x0faf, to, from);
  }

  /** RDX:RAX by {@code divisor}: the quotient to RAX, the remainder to RDX. */
  void divide(Register divisor) {
    group(true, 0xf7, 6, divisor);
  }

  void negate32(Register register) {
    group(false, 0xf7, 3, register);
  }

  void zeroExtendByte32(Register to, Register from) {
    // only AL, CL, DL and BL have no need of a prefix
    registers(false, MOVZX_BYTE, to, from);
  }

  void shiftLeft(Register register, int bits) {
    group(true, 0xc1, 4, register);
    emitByte(bits);
  }

  void shiftRight(Register register, int bits) {
    group(true, 0xc1, 5, register);
    emitByte(bits);
  }

  void syscall() {
    emitByte(0x0f);
    emitByte(0x05);
  }

  void jump(Register target) {
    group(false, 0xff, 4, target);
  }

  void jumpFar(Label target) {
    emitByte(0xe9);
    refer(position(), Reference.X86_INT, target);
    emitInt(0);
  }

  /** Forward jumps are short: over at most 127 bytes. */
  void jump(Label target) {
    if (isPlaced(target) && distanceBack(target) > 126) {
      jumpFar(target);
    } else {
      emitByte(0xeb);
      refer(position(), Reference.X86_BYTE, target);
      emitByte(0);
    }
  }

  void jumpIf(Condition condition, Label target) {
    if (isPlaced(target) && distanceBack(target) > 126) {
      emitByte(0x0f);
      emitByte(0x80 | condition.code);
      refer(position(), Reference.X86_INT, target);
      emitInt(0);
    } else {
      emitByte(0x70 | condition.code);
      refer(position(), Reference.X86_BYTE, target);
      emitByte(0);
    }
  }

  /** Fills up with breakpoints. */
  void padTo(int end) {
    if (position() > end) {
      throw new IllegalStateException("the code is longer than its place");
    }
    while (position() < end) {
      emitByte(0xcc);
    }
  }

  private void registers(boolean wide, int opcode, Register register, Register rm) {
    rex(wide, register.ordinal(), 0, rm.ordinal());
    opcode(opcode);
    modRm(3, register.ordinal(), rm.ordinal());
  }

  private void group(boolean wide, int opcode, int digit, Register rm) {
    rex(wide, 0, 0, rm.ordinal());
    emitByte(opcode);
    modRm(3, digit, rm.ordinal());
  }

  private void memory(boolean wide, int opcode, Register register, Memory memory) {
    rexAndOpcode(wide, opcode, register.ordinal(), memory);
  }

  private void rexAndOpcode(boolean wide, int opcode, int register, Memory memory) {
    int base = memory.base().ordinal();
    int index = memory.index().ordinal();
    rex(wide, register, index, base);
    opcode(opcode);
    if (memory.index() == Register.RSP) {
      modRm(1, register, base);
      emitByte(memory.displacement());
    } else {
      modRm(0, register, 4);
      emitByte(memory.scaleBits() << 6 | (index & 7) << 3 | base & 7);
    }
  }

  private void rex(boolean wide, int register, int index, int base) {
    int prefix = 0x40 | (wide ? 8 : 0) | register >> 3 << 2 | index >> 3 << 1 | base >> 3;
    if (prefix != 0x40) {
      emitByte(prefix);
    }
  }

  private void opcode(int opcode) {
    if (opcode > 0xff) {
      emitByte(opcode >> 8);
    }
    emitByte(opcode);
  }

  private void modRm(int mod, int register, int rm) {
    emitByte(mod << 6 | (register & 7) << 3 | rm & 7);
  }
}
