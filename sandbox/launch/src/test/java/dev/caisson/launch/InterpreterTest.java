package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterpreterTest {
  private static final Operand.Immediate STDOUT = Operand.of(1);
  private static final int SIGCHLD = 17;

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
    failure(builder);
    builder.call(Syscall.WRITE, STDOUT, builder.text("hello\n"), Operand.of(6));
    builder.call(Syscall.EXIT_GROUP, Operand.of(7));
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals("hello\n", outcome.text());
    assertEquals(7, outcome.status());
  }

  @ParameterizedTest
  @EnumSource
  void theFirstSlotIsTheInitialStackPointer(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    failure(builder);
    Operand.Slot stackPointer = new Operand.Slot(LaunchProgram.STACK_POINTER_SLOT);
    Operand.Slot count = builder.slot();
    Operand.Slot argument = builder.slot();
    builder.load(8, count, stackPointer, 0);
    builder.load(8, argument, stackPointer, 16);
    builder.call(Syscall.WRITE, STDOUT, argument, Operand.of(3));
    builder.call(Syscall.EXIT_GROUP, count);
    Machine.Outcome outcome = Machine.run(builder.build(), "one", "two");
    assertEquals("one", outcome.text());
    assertEquals(3, outcome.status());
  }

  @ParameterizedTest
  @EnumSource
  void aSlotHoldsWhereToReturn(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    failure(builder);
    ProgramBuilder.Label routine = builder.label();
    ProgramBuilder.Label start = builder.label();
    Operand.Slot back = builder.slot();
    Operand.Slot text = builder.slot();
    builder.jump(start);
    builder.place(routine);
    builder.call(Syscall.WRITE, STDOUT, text, Operand.of(2));
    builder.jumpTo(back);
    builder.place(start);
    for (String word : new String[] {"a ", "b ", "c\n"}) {
      builder.set(text, builder.text(word));
      builder.perform(routine, back);
    }
    builder.call(Syscall.EXIT_GROUP, Operand.of(0));
    assertEquals("a b c\n", Machine.run(builder.build()).text());
  }

  @ParameterizedTest
  @EnumSource
  void aLoopPrintsDecimals(Architecture architecture) {
    long[] numbers = {0, 9, 10, 4096, Long.MAX_VALUE, -1};
    ProgramBuilder builder = new ProgramBuilder(architecture);
    failure(builder);
    Operand.Immediate buffer = builder.bytes(new byte[32]);
    Operand.Immediate end = Operand.of(buffer.value() + 31);
    Operand.Slot number = builder.slot();
    Operand.Slot at = builder.slot();
    Operand.Slot digit = builder.slot();
    Operand.Slot length = builder.slot();
    builder.store(1, end, 0, Operand.of('\n'));
    for (long value : numbers) {
      ProgramBuilder.Label another = builder.label();
      builder.set(number, Operand.of(value));
      builder.set(at, end);
      builder.place(another);
      builder.arithmetic(Operation.REMAINDER, digit, number, Operand.of(10));
      builder.add(digit, digit, Operand.of('0'));
      builder.arithmetic(Operation.SUBTRACT, at, at, Operand.of(1));
      builder.store(1, at, 0, digit);
      builder.arithmetic(Operation.DIVIDE, number, number, Operand.of(10));
      builder.jumpIfNotEqual(number, Operand.of(0), another);
      builder.arithmetic(Operation.SUBTRACT, length, Operand.of(end.value() + 1), at);
      builder.call(Syscall.WRITE, STDOUT, at, length);
    }
    builder.call(Syscall.EXIT_GROUP, Operand.of(0));
    assertEquals(
        "0\n9\n10\n4096\n9223372036854775807\n18446744073709551615\n",
        Machine.run(builder.build()).text());
  }

  @ParameterizedTest
  @EnumSource
  void aCloneGoesOnAsAChild(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    failure(builder);
    Operand.Immediate pipe = builder.words(0);
    Operand.Immediate status = builder.words(0);
    Operand.Immediate buffer = builder.bytes(new byte[16]);
    Operand.Slot reading = builder.slot();
    Operand.Slot writing = builder.slot();
    Operand.Slot child = builder.slot();
    Operand.Slot length = builder.slot();
    Operand.Slot exitStatus = builder.slot();
    Operand zero = Operand.of(0);
    ProgramBuilder.Label inChild = builder.label();
    builder.call(Syscall.PIPE2, pipe, zero);
    builder.load(4, reading, pipe, 0);
    builder.load(4, writing, pipe, 4);
    builder.call(Syscall.CLONE, Operand.of(SIGCHLD), zero, zero, zero, zero).into(child);
    builder.jumpIfEqual(child, zero, inChild);
    builder.call(Syscall.CLOSE, writing);
    builder.call(Syscall.READ, reading, buffer, Operand.of(16)).into(length).again();
    builder.call(Syscall.WRITE, STDOUT, buffer, length);
    builder.call(Syscall.WAIT4, child, status, zero, zero).into(length).again();
    builder.arithmetic(Operation.SUBTRACT, child, child, length);
    builder.load(4, exitStatus, status, 0);
    Machine.dumpSlots(builder);
    builder.place(inChild);
    builder.call(Syscall.WRITE, writing, builder.text("child"), Operand.of(5));
    builder.call(Syscall.EXIT_GROUP, Operand.of(3));
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals("child", outcome.text().substring(0, 5));
    byte[] slots = Arrays.copyOfRange(outcome.output(), 5, outcome.output().length);
    Machine.Outcome dumped = new Machine.Outcome(0, slots, outcome.errors());
    assertEquals(0, dumped.slot(child), "wait4 gives the child's pid");
    assertEquals(3 << 8, dumped.slot(exitStatus));
  }

  @ParameterizedTest
  @EnumSource
  void executesAnotherProgram(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    failure(builder);
    Operand.Immediate arguments =
        builder.words(
            builder.text("sh").value(),
            builder.text("-c").value(),
            builder.text("echo \"$0 $WORD\"; exit 5").value(),
            builder.text("zero").value(),
            0);
    Operand.Immediate environment = builder.words(builder.text("WORD=word").value(), 0);
    builder.call(Syscall.EXECVE, builder.text("/bin/sh"), arguments, environment);
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals("zero word\n", outcome.text());
    assertEquals(5, outcome.status());
  }

  /** Steps that fail from here on end the program with their errno. */
  private static void failure(ProgramBuilder builder) {
    ProgramBuilder.Label start = builder.label();
    ProgramBuilder.Label failed = builder.label();
    builder.jump(start);
    builder.place(failed);
    builder.onFailure(failed);
    builder.call(Syscall.EXIT_GROUP, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    builder.place(start);
  }
}
