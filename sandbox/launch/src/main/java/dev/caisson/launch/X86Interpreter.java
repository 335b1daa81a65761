package dev.caisson.launch;

import static dev.caisson.launch.X86Assembler.LEA;
import static dev.caisson.launch.X86Assembler.MOVZX_BYTE;
import static dev.caisson.launch.X86Assembler.MOVZX_SHORT;
import static dev.caisson.launch.X86Assembler.MOV_LOAD;
import static dev.caisson.launch.X86Assembler.MOV_STORE;
import static dev.caisson.launch.X86Assembler.MOV_STORE_BYTE;
import static dev.caisson.launch.X86Assembler.at;

import dev.caisson.launch.Assembler.Label;
import dev.caisson.launch.X86Assembler.Alu;
import dev.caisson.launch.X86Assembler.Condition;
import dev.caisson.launch.X86Assembler.Memory;
import dev.caisson.launch.X86Assembler.Register;

/** The {@link Interpreter} for x86-64. */
final class X86Interpreter {
  private static final Register SLOTS = Register.RBX;
  private static final Register STEP = Register.RBP;
  private static final Register FIRST_STEP = Register.R12;
  private static final Register RESULT = Register.RAX;
  private static final Register SCRATCH = Register.RCX;

  /** Operands a to f, in the registers in which system calls take them. */
  private static final Register[] OPERANDS = {
    Register.RDI, Register.RSI, Register.RDX, Register.R10, Register.R8, Register.R9
  };

  private static final Register A = OPERANDS[0];
  private static final Register B = OPERANDS[1];
  private static final Register C = OPERANDS[2];

  private final X86Assembler asm = new X86Assembler();
  private final Label next = new Label();
  private final Label handlers = new Label();
  private final Label remainder = new Label();
  private final Label store = new Label();
  private final Label advance = new Label();
  private final Label goOn = new Label();
  private final Label call = new Label();

  byte[] code() {
    enter();
    fetch();
    dispatch();
    storeResult();
    handlers();
    advance();
    call();
    goOn();
    return asm.assemble();
  }

  private void enter() {
    asm.movImmediate32(SLOTS, (int) LaunchProgram.SLOTS_ADDRESS);
    asm.memory(MOV_STORE, Register.RSP, slot(LaunchProgram.STACK_POINTER_SLOT));
    asm.loadBeforeCode(FIRST_STEP, Elf.CODE_OFFSET - Elf.STEPS_ADDRESS_OFFSET);
    asm.mov(STEP, FIRST_STEP);
  }

  private void fetch() {
    asm.place(next);
    asm.memory32(MOVZX_BYTE, SCRATCH, at(STEP, StepCodec.SLOT_MASK_OFFSET));
    for (int i = 0; i < OPERANDS.length; i++) {
      Label immediate = new Label();
      asm.memory(MOV_LOAD, OPERANDS[i], at(STEP, StepCodec.OPERANDS_OFFSET + 8 * i));
      asm.shiftRight(SCRATCH, 1);
      asm.jumpIf(Condition.NOT_BELOW, immediate);
      asm.memory(MOV_LOAD, OPERANDS[i], at(SLOTS, OPERANDS[i], 3));
      asm.place(immediate);
    }
  }

  private void dispatch() {
    asm.memory32(MOVZX_BYTE, SCRATCH, at(STEP, 0));
    asm.relative(LEA, Register.R11, handlers);
    asm.memory(LEA, SCRATCH, at(Register.R11, SCRATCH, 3));
    asm.mov(RESULT, A);
    asm.alu(Alu.CMP, A, B);
    asm.jump(SCRATCH);
  }

  private void storeResult() {
    asm.place(remainder);
    asm.mov(RESULT, Register.RDX);
    asm.place(store);
    asm.memory32(MOVZX_SHORT, SCRATCH, at(STEP, StepCodec.RESULT_OFFSET));
    asm.memory(MOV_STORE, RESULT, at(SLOTS, SCRATCH, 3));
    asm.aluByte(Alu.ADD, STEP, StepCodec.STEP_BYTES);
    asm.jump(next);
  }

  private void handlers() {
    asm.place(handlers);
    int start = asm.position();
    for (Operation operation : Operation.values()) {
      handler(operation);
      asm.padTo(start + (operation.ordinal() + 1) * Interpreter.HANDLER_BYTES);
    }
  }

  /** A is in RESULT too, and the flags compare A with B. */
  private void handler(Operation operation) {
    Memory place = at(A, B, 0);
    switch (operation) {
      case CALL, CALL_AGAIN -> asm.jumpFar(call);
      case ADD -> alu(Alu.ADD);
      case SUBTRACT -> alu(Alu.SUB);
      case AND -> alu(Alu.AND);
      case OR -> alu(Alu.OR);
      case MULTIPLY -> {
        asm.multiply(RESULT, B);
        asm.jump(store);
      }
      case DIVIDE -> divide(store);
      case REMAINDER -> divide(remainder);
      case LOAD_1 -> load32(MOVZX_BYTE, place);
      case LOAD_2 -> load32(MOVZX_SHORT, place);
      case LOAD_4 -> load32(MOV_LOAD, place);
      case LOAD_8 -> {
        asm.memory(MOV_LOAD, RESULT, place);
        asm.jump(store);
      }
      case STORE_1 -> store32(MOV_STORE_BYTE, place);
      case STORE_4 -> store32(MOV_STORE, place);
      case STORE_8 -> {
        asm.memory(MOV_STORE, C, place);
        asm.jump(advance);
      }
      case JUMP_EQUAL -> jumpIf(Condition.EQUAL);
      case JUMP_NOT_EQUAL -> jumpIf(Condition.NOT_EQUAL);
      case JUMP_LESS -> jumpIf(Condition.BELOW);
    }
  }

  private void alu(Alu operation) {
    asm.alu(operation, RESULT, B);
    asm.jump(store);
  }

  private void divide(Label then) {
    asm.alu32(Alu.XOR, Register.RDX, Register.RDX);
    asm.divide(B);
    asm.jump(then);
  }

  private void load32(int opcode, Memory place) {
    asm.memory32(opcode, RESULT, place);
    asm.jump(store);
  }

  private void store32(int opcode, Memory place) {
    asm.memory32(opcode, C, place);
    asm.jump(advance);
  }

  private void jumpIf(Condition condition) {
    asm.jumpIf(condition, goOn);
    asm.jump(advance);
  }

  private void advance() {
    asm.place(advance);
    asm.aluByte(Alu.ADD, STEP, StepCodec.STEP_BYTES);
    asm.jump(next);
  }

  /** Falls through to {@link #goOn} when the call failed. */
  private void call() {
    Register errno = Register.RDX;
    Label failed = new Label();
    asm.place(call);
    asm.memory32(MOVZX_SHORT, RESULT, at(STEP, StepCodec.NUMBER_OFFSET));
    asm.syscall();
    asm.aluInt(Alu.CMP, RESULT, -Interpreter.MAX_ERRNO);
    asm.jumpIf(Condition.BELOW, store);
    asm.mov32(errno, RESULT);
    asm.negate32(errno);
    storeIfTolerated(errno);
    asm.aluByte(Alu.CMP, errno, Errno.EINTR.number());
    asm.jumpIf(Condition.NOT_EQUAL, failed);
    asm.compareByte(at(STEP, 0), Operation.CALL_AGAIN.ordinal());
    asm.jumpIf(Condition.EQUAL, next);
    asm.place(failed);
    asm.memory(MOV_STORE, errno, slot(LaunchProgram.ERRNO_SLOT));
    asm.mov(SCRATCH, STEP);
    asm.alu(Alu.SUB, SCRATCH, FIRST_STEP);
    asm.shiftRight(SCRATCH, 6);
    asm.memory(MOV_STORE, SCRATCH, slot(LaunchProgram.FAILED_STEP_SLOT));
    asm.memory32(MOVZX_SHORT, C, at(STEP, StepCodec.ON_FAILURE_OFFSET));
  }

  private void storeIfTolerated(Register errno) {
    Label another = new Label();
    asm.memory32(MOV_LOAD, SCRATCH, at(STEP, StepCodec.TOLERATED_OFFSET));
    asm.place(another);
    asm.zeroExtendByte32(Register.RSI, SCRATCH);
    asm.alu(Alu.CMP, Register.RSI, errno);
    asm.jumpIf(Condition.EQUAL, store);
    asm.aluInt(Alu.CMP, Register.RSI, Step.ANY_ERROR);
    asm.jumpIf(Condition.EQUAL, store);
    asm.shiftRight(SCRATCH, 8);
    asm.jumpIf(Condition.NOT_EQUAL, another);
  }

  /** At step C. */
  private void goOn() {
    asm.place(goOn);
    asm.shiftLeft(C, 6);
    asm.memory(LEA, STEP, at(FIRST_STEP, C, 0));
    asm.jump(next);
  }

  private static Memory slot(int index) {
    return at(SLOTS, index * 8);
  }
}
