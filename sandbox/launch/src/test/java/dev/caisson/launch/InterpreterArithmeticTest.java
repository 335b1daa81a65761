package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.policy.Architecture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterpreterArithmeticTest {
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

  private record Comparison(long a, long b, boolean equal, boolean less) {}

  private static final List<Comparison> COMPARISONS =
      List.of(
          new Comparison(1, 2, false, true),
          new Comparison(2, 1, false, false),
          new Comparison(7, 7, true, false),
          new Comparison(0, -1, false, true),
          new Comparison(-1, 0, false, false),
          new Comparison(Long.MAX_VALUE, Long.MIN_VALUE, false, true),
          new Comparison(1L << 32, 0, false, false));

  @ParameterizedTest
  @EnumSource
  void comparisonsAreUnsigned(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    List<Operand.Slot> results = new ArrayList<>();
    for (Comparison comparison : COMPARISONS) {
      Operand a = Operand.of(comparison.a);
      Operand b = Operand.of(comparison.b);
      Operand.Slot taken = builder.slot();
      results.add(taken);
      ProgramBuilder.Label equal = builder.label();
      ProgramBuilder.Label different = builder.label();
      ProgramBuilder.Label less = builder.label();
      ProgramBuilder.Label end = builder.label();
      builder.jumpIfEqual(a, b, equal);
      builder.jumpIfNotEqual(a, b, different);
      builder.jump(end);
      builder.place(equal);
      builder.add(taken, taken, Operand.of(1));
      builder.jumpIfNotEqual(a, b, end);
      builder.jumpIfLess(a, b, less);
      builder.jump(end);
      builder.place(different);
      builder.add(taken, taken, Operand.of(2));
      builder.jumpIfLess(a, b, less);
      builder.jump(end);
      builder.place(less);
      builder.add(taken, taken, Operand.of(4));
      builder.place(end);
    }
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    for (int i = 0; i < results.size(); i++) {
      Comparison comparison = COMPARISONS.get(i);
      int expected = (comparison.equal ? 1 : 2) + (comparison.less ? 4 : 0);
      assertEquals(expected, outcome.slot(results.get(i)), comparison.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void loadsClearTheUpperBytes(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    Operand data = builder.words(0x8182838485868788L, 0x9192939495969798L);
    Operand.Slot address = builder.slot();
    Operand.Slot behind = builder.slot();
    builder.set(address, data);
    builder.add(behind, data, Operand.of(16));
    int[] widths = {1, 2, 4, 8};
    List<Operand.Slot> results = new ArrayList<>();
    for (int width : widths) {
      for (int form = 0; form < 3; form++) {
        Operand.Slot slot = builder.slot();
        results.add(slot);
        builder.set(slot, Operand.of(-1));
        switch (form) {
          case 0 -> builder.load(width, slot, data, 3);
          case 1 -> builder.load(width, slot, address, 3);
          default -> builder.load(width, slot, behind, -13);
        }
      }
    }
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    long[] expected = {0x85, 0x8485, 0x82838485L, 0x9697988182838485L};
    for (int i = 0; i < results.size(); i++) {
      assertEquals(expected[i / 3], outcome.slot(results.get(i)), "load " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesLeaveTheNeighbours(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    int[] widths = {1, 4, 8};
    List<Operand.Slot> results = new ArrayList<>();
    for (int width : widths) {
      Operand memory = builder.words(-1, -1);
      builder.store(width, memory, 3, Operand.of(0x0102030405060708L));
      for (int offset = 0; offset < 16; offset += 8) {
        Operand.Slot slot = builder.slot();
        results.add(slot);
        builder.load(8, slot, memory, offset);
      }
    }
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    long[] expected = {
      0xffffffff08ffffffL, -1, 0xff05060708ffffffL, -1, 0x0405060708ffffffL, 0xffffffffff010203L
    };
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], outcome.slot(results.get(i)), "word " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void zeroedMemoryIsZeroAndWritable(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    Operand.Immediate area = builder.zeroes(100_000);
    Operand.Slot before = builder.slot();
    Operand.Slot after = builder.slot();
    builder.load(8, before, area, 99_992);
    builder.store(8, area, 99_992, Operand.of(42));
    builder.load(8, after, area, 99_992);
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals(0, outcome.slot(before));
    assertEquals(42, outcome.slot(after));
  }
}
