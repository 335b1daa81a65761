package dev.caisson.launch;

import dev.caisson.launch.Arm64Assembler.Access;
import dev.caisson.launch.Arm64Assembler.Condition;
import dev.caisson.launch.Assembler.Label;

/** The {@link Interpreter} for aarch64. */
final class Arm64Interpreter {
  /** Operands a to f stand in registers 0 to 5, in which system calls take them. */
  private static final int A = 0;

  private static final int B = 1;
  private static final int C = 2;
  private static final int RESULT = 0;
  private static final int CALL_NUMBER = 8;
  private static final int SCRATCH = 9;
  private static final int HANDLER = 10;
  private static final int ERRNO = 10;
  private static final int TOLERATED = 11;
  private static final int CANDIDATE = 12;
  private static final int SLOTS = 19;
  private static final int FIRST_STEP = 20;
  private static final int STEP = 21;

  private final Arm64Assembler asm = new Arm64Assembler();
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
    handlers();
    storeResult();
    call();
    goOn();
    return asm.assemble();
  }

  private void enter() {
    asm.moveImmediate(SLOTS, (int) LaunchProgram.SLOTS_ADDRESS);
    asm.loadBeforeCode(FIRST_STEP, Elf.CODE_OFFSET - Elf.STEPS_ADDRESS_OFFSET);
    asm.add(SCRATCH, Arm64Assembler.STACK_POINTER, 0);
    storeSlot(SCRATCH, LaunchProgram.STACK_POINTER_SLOT);
    asm.add(STEP, FIRST_STEP, 0);
  }

  private void fetch() {
    asm.place(next);
    asm.access(Access.LOAD_1, SCRATCH, STEP, StepCodec.SLOT_MASK_OFFSET);
    for (int i = 0; i < 6; i++) {
      Label immediate = new Label();
      asm.access(Access.LOAD_8, i, STEP, StepCodec.OPERANDS_OFFSET + 8 * i);
      asm.branchIfBitClear(SCRATCH, i, immediate);
      asm.accessElement(Access.LOAD_8, i, SLOTS, i);
      asm.place(immediate);
    }
  }

  private void dispatch() {
    asm.access(Access.LOAD_1, SCRATCH, STEP, 0);
    asm.address(HANDLER, handlers);
    asm.addShifted(HANDLER, HANDLER, SCRATCH, 3);
    asm.compare(A, B);
    asm.branchTo(HANDLER);
  }

  /** Two instructions each: what is done, and where to go on. */
  private void handlers() {
    asm.place(handlers);
    int start = asm.position();
    for (Operation operation : Operation.values()) {
      if (asm.position() != start + operation.ordinal() * Interpreter.HANDLER_BYTES) {
        throw new IllegalStateException("the code of " + operation + " is not in its place");
      }
      handler(operation);
    }
  }

  /** The flags compare A with B. */
  private void handler(Operation operation) {
    switch (operation) {
      case CALL, CALL_AGAIN -> {
        asm.access(Access.LOAD_2, CALL_NUMBER, STEP, StepCodec.NUMBER_OFFSET);
        asm.branch(call);
      }
      case ADD -> {
        asm.addShifted(RESULT, A, B, 0);
        asm.branch(store);
      }
      case SUBTRACT -> {
        asm.subtract(RESULT, A, B);
        asm.branch(store);
      }
      case AND -> {
        asm.and(RESULT, A, B);
        asm.branch(store);
      }
      case OR -> {
        asm.or(RESULT, A, B);
        asm.branch(store);
      }
      case MULTIPLY -> {
        asm.multiply(RESULT, A, B);
        asm.branch(store);
      }
      case DIVIDE -> {
        asm.divide(RESULT, A, B);
        asm.branch(store);
      }
      case REMAINDER -> {
        asm.divide(SCRATCH, A, B);
        asm.branch(remainder);
      }
      case LOAD_1 -> load(Access.LOAD_1);
      case LOAD_2 -> load(Access.LOAD_2);
      case LOAD_4 -> load(Access.LOAD_4);
      case LOAD_8 -> load(Access.LOAD_8);
      case STORE_1 -> store(Access.STORE_1);
      case STORE_4 -> store(Access.STORE_4);
      case STORE_8 -> store(Access.STORE_8);
      case JUMP_EQUAL -> jumpIf(Condition.EQUAL);
      case JUMP_NOT_EQUAL -> jumpIf(Condition.NOT_EQUAL);
      case JUMP_LESS -> jumpIf(Condition.BELOW);
    }
  }

  private void load(Access access) {
    asm.accessAt(access, RESULT, A, B);
    asm.branch(store);
  }

  private void store(Access access) {
    asm.accessAt(access, C, A, B);
    asm.branch(advance);
  }

  private void jumpIf(Condition condition) {
    asm.branchIf(condition, goOn);
    asm.branch(advance);
  }

  private void storeResult() {
    asm.place(remainder);
    asm.multiplySubtract(RESULT, SCRATCH, B, A);
    asm.place(store);
    asm.access(Access.LOAD_2, SCRATCH, STEP, StepCodec.RESULT_OFFSET);
    asm.accessElement(Access.STORE_8, RESULT, SLOTS, SCRATCH);
    asm.place(advance);
    asm.add(STEP, STEP, StepCodec.STEP_BYTES);
    asm.branch(next);
  }

  /** Falls through to {@link #goOn} when the call failed. */
  private void call() {
    Label failed = new Label();
    asm.place(call);
    asm.supervisorCall();
    asm.compareNegative(RESULT, Interpreter.MAX_ERRNO);
    asm.branchIf(Condition.BELOW, store);
    asm.subtract32(ERRNO, Arm64Assembler.ZERO, RESULT);
    storeIfTolerated();
    asm.compareConstant32(ERRNO, Errno.EINTR.number());
    asm.branchIf(Condition.NOT_EQUAL, failed);
    asm.access(Access.LOAD_1, SCRATCH, STEP, 0);
    asm.compareConstant32(SCRATCH, Operation.CALL_AGAIN.ordinal());
    asm.branchIf(Condition.EQUAL, next);
    asm.place(failed);
    storeSlot(ERRNO, LaunchProgram.ERRNO_SLOT);
    asm.subtract(SCRATCH, STEP, FIRST_STEP);
    asm.shiftRight(SCRATCH, SCRATCH, 6);
    storeSlot(SCRATCH, LaunchProgram.FAILED_STEP_SLOT);
    asm.access(Access.LOAD_2, C, STEP, StepCodec.ON_FAILURE_OFFSET);
  }

  private void storeIfTolerated() {
    Label another = new Label();
    asm.access(Access.LOAD_4, TOLERATED, STEP, StepCodec.TOLERATED_OFFSET);
    asm.place(another);
    asm.lowByte32(CANDIDATE, TOLERATED);
    asm.compare32(CANDIDATE, ERRNO);
    asm.branchIf(Condition.EQUAL, store);
    asm.compareConstant32(CANDIDATE, Step.ANY_ERROR);
    asm.branchIf(Condition.EQUAL, store);
    asm.shiftRight32(TOLERATED, TOLERATED, 8);
    asm.branchIfNotZero32(TOLERATED, another);
  }

  /** At step C. */
  private void goOn() {
    asm.place(goOn);
    asm.addShifted(STEP, FIRST_STEP, C, 6);
    asm.branch(next);
  }

  private void storeSlot(int register, int slot) {
    asm.access(Access.STORE_8, register, SLOTS, slot * 8);
  }
}
