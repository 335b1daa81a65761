package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterpreterTest {
  private static final Operand.Immediate STDOUT = Operand.of(1);

  @ParameterizedTest
  @EnumSource
  void theCodeIsShort(Architecture architecture) {
    int length = Interpreter.code(architecture).length;
    assertTrue(length <= Interpreter.MAX_BYTES, architecture + ": " + length);
    assertTrue(Elf.CODE_OFFSET + Interpreter.MAX_BYTES <= LaunchProgram.SLOTS_ADDRESS % 0x10000);
  }

  @ParameterizedTest
  @EnumSource
  void writesAndExits(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    builder.onFailure(failure(builder));
    builder.call(Syscall.WRITE, STDOUT, builder.text("hello\n"), Operand.of(6));
    builder.call(Syscall.EXIT_GROUP, Operand.of(7));
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals("hello\n", outcome.text());
    assertEquals(7, outcome.status());
  }

  private record Sum(Operation operation, long a, long b, long result) {}

  private static final List<Sum> SUMS =
      List.of(
          new Sum(Operation.ADD, 2, 3, 5),
          new Sum(Operation.ADD, -1, 1, 0),
          new Sum(Operation.ADD, Long.MAX_VALUE, 1, Long.MIN_VALUE),
          new Sum(Operation.SUBTRACT, 3, 5, -2),
          new Sum(Operation.SUBTRACT, Long.MIN_VALUE, 1, Long.MAX_VALUE),
          new Sum(Operation.AND, 0xff00ff00ff00ff00L, 0x0ff00ff00ff00ff0L, 0x0f000f000f000f00L),
          new Sum(Operation.OR, 0xff00000000000000L, 0x00000000000000ffL, 0xff000000000000ffL),
          new Sum(Operation.MULTIPLY, -3, 5, -15),
          new Sum(Operation.MULTIPLY, 0x1234, 1L << 48, 0x1234000000000000L),
          new Sum(Operation.MULTIPLY, 1L << 32, 1L << 32, 0),
          new Sum(Operation.MULTIPLY, -1, -1, 1),
          new Sum(Operation.DIVIDE, 17, 5, 3),
          new Sum(Operation.DIVIDE, -1, 2, Long.MAX_VALUE),
          new Sum(Operation.DIVIDE, 5, -1, 0),
          new Sum(Operation.DIVIDE, Long.MIN_VALUE, -1, 0),
          new Sum(Operation.DIVIDE, 0x1234000000000000L, 1L << 48, 0x1234),
          new Sum(Operation.REMAINDER, 17, 5, 2),
          new Sum(Operation.REMAINDER, -1, 10, 5),
          new Sum(Operation.REMAINDER, 5, -1, 5),
          new Sum(Operation.REMAINDER, -1, -1, 0));

  @ParameterizedTest
  @EnumSource
  void arithmeticWrapsAndIsUnsigned(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    List<Operand.Slot> results = new ArrayList<>();
    Operand.Slot a = builder.slot();
    Operand.Slot b = builder.slot();
    for (Sum sum : SUMS) {
      Operand[][] forms = {
        {Operand.of(sum.a), Operand.of(sum.b)},
        {a, Operand.of(sum.b)},
        {Operand.of(sum.a), b},
        {a, b}
      };
      builder.set(a, Operand.of(sum.a));
      builder.set(b, Operand.of(sum.b));
      for (Operand[] form : forms) {
        results.add(builder.slot());
        builder.arithmetic(sum.operation, results.get(results.size() - 1), form[0], form[1]);
      }
    }
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    for (int i = 0; i < results.size(); i++) {
      Sum sum = SUMS.get(i / 4);
      assertEquals(sum.result, outcome.slot(results.get(i)), sum + ", form " + i % 4);
    }
  }

  private static ProgramBuilder.Label failure(ProgramBuilder builder) {
    ProgramBuilder.Label start = builder.label();
    ProgramBuilder.Label failed = builder.label();
    builder.jump(start);
    builder.place(failed);
    builder.onFailure(failed);
    builder.call(Syscall.EXIT_GROUP, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    builder.place(start);
    return failed;
  }
}
