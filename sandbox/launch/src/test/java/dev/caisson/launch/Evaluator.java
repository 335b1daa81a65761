package dev.caisson.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the model says a program without system calls does: the interpreters are held to it. */
final class Evaluator {
  private final LaunchProgram program;

  /** Slots and data as they lie in memory. */
  private final ByteBuffer memory;

  private Evaluator(LaunchProgram program) {
    this.program = program;
    byte[] data = program.data();
    memory =
        ByteBuffer.allocate(LaunchProgram.SLOTS * 8 + data.length + program.zeroBytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    memory.put(LaunchProgram.SLOTS * 8, data);
  }

  /** Slots and data when the first system call is reached. */
  static byte[] memoryAtFirstCall(LaunchProgram program) {
    Evaluator evaluator = new Evaluator(program);
    int index = 0;
    while (!program.steps().get(index).operation().isCall()) {
      index = evaluator.run(index);
    }
    return evaluator.memory.array();
  }

  private int run(int index) {
    Step step = program.steps().get(index);
    long a = value(step.operands().get(0));
    long b = value(step.operands().get(1));
    long c = value(step.operands().get(2));
    int place = (int) (a + b - LaunchProgram.SLOTS_ADDRESS);
    boolean taken = false;
    switch (step.operation()) {
      case CALL, CALL_AGAIN -> throw new IllegalStateException("a system call");
      case ADD -> result(step, a + b);
      case SUBTRACT -> result(step, a - b);
      case AND -> result(step, a & b);
      case OR -> result(step, a | b);
      case MULTIPLY -> result(step, a * b);
      case DIVIDE -> result(step, Long.divideUnsigned(a, b));
      case REMAINDER -> result(step, Long.remainderUnsigned(a, b));
      case LOAD_1 -> result(step, Byte.toUnsignedLong(memory.get(place)));
      case LOAD_2 -> result(step, Short.toUnsignedLong(memory.getShort(place)));
      case LOAD_4 -> result(step, Integer.toUnsignedLong(memory.getInt(place)));
      case LOAD_8 -> result(step, memory.getLong(place));
      case STORE_1 -> memory.put(place, (byte) c);
      case STORE_4 -> memory.putInt(place, (int) c);
      case STORE_8 -> memory.putLong(place, c);
      case JUMP_EQUAL -> taken = a == b;
      case JUMP_NOT_EQUAL -> taken = a != b;
      case JUMP_LESS -> taken = Long.compareUnsigned(a, b) < 0;
    }
    return taken ? (int) c : index + 1;
  }

  private long value(Operand operand) {
    return operand.isSlot() ? memory.getLong((int) operand.code() * 8) : operand.code();
  }

  private void result(Step step, long value) {
    memory.putLong(step.result() * 8, value);
  }
}
