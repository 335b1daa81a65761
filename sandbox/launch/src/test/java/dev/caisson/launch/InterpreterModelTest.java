package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.policy.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Random programs leave in memory what the {@link Evaluator} says. */
class InterpreterModelTest {
  /** The slots that random steps write; those below start at 0, and NON_ZERO are constants. */
  private static final int FIRST_SLOT = 4;

  private static final int LAST_SLOT = 12;
  private static final int FIRST_NON_ZERO = 13;
  private static final int LAST_NON_ZERO = 15;
  private static final int DATA_BYTES = 64;
  private static final Operand ZERO = Operand.of(0);

  /** A step whose jump, if it is one, is still a distance. */
  private record Draft(
      Operation operation, Operand a, Operand b, Operand c, int result, int distance) {}

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void theInterpreterAgreesWithTheModel(
      @ForAll Architecture architecture, @ForAll("drafts") List<Draft> drafts) {
    LaunchProgram program = program(architecture, drafts);
    byte[] expected = Evaluator.memoryAtFirstCall(program);
    Machine.Outcome outcome = Machine.run(program);
    assertEquals(0, outcome.status());
    byte[] actual = outcome.output();
    // slot 0 holds the stack pointer
    assertArrayEquals(
        Arrays.copyOfRange(expected, 8, expected.length),
        Arrays.copyOfRange(actual, 8, actual.length));
  }

  private static LaunchProgram program(Architecture architecture, List<Draft> drafts) {
    List<Step> steps = new ArrayList<>();
    for (int slot = FIRST_NON_ZERO; slot <= LAST_NON_ZERO; slot++) {
      steps.add(step(Operation.ADD, Operand.of(3L - slot), ZERO, ZERO, slot));
    }
    int end = steps.size() + drafts.size();
    for (Draft draft : drafts) {
      Operand c =
          draft.operation.isJump()
              ? Operand.of(Math.min(end, steps.size() + draft.distance))
              : draft.c;
      steps.add(step(draft.operation, draft.a, draft.b, c, draft.result));
    }
    Operand length = Operand.of(LaunchProgram.SLOTS * 8L + DATA_BYTES);
    steps.add(call(architecture, Syscall.WRITE, Operand.of(1), slots(), length));
    steps.add(call(architecture, Syscall.EXIT_GROUP, ZERO, ZERO, ZERO));
    byte[] data = new byte[DATA_BYTES];
    for (int i = 0; i < DATA_BYTES; i++) {
      data[i] = (byte) (i * 37);
    }
    return new LaunchProgram(architecture, steps, data, 0);
  }

  private static Operand slots() {
    return Operand.of(LaunchProgram.SLOTS_ADDRESS);
  }

  private static Step call(
      Architecture architecture, Syscall syscall, Operand a, Operand b, Operand c) {
    return new Step(
        Operation.CALL,
        Role.KEEPER,
        syscall.number(architecture),
        List.of(a, b, c, ZERO, ZERO, ZERO),
        3,
        List.of(Step.ANY_ERROR),
        0,
        0);
  }

  private static Step step(Operation operation, Operand a, Operand b, Operand c, int result) {
    List<Operand> operands = List.of(a, b, c, ZERO, ZERO, ZERO);
    return new Step(operation, Role.KEEPER, 0, operands, result, List.of(), 0, 0);
  }

  @Provide
  Arbitrary<List<Draft>> drafts() {
    Arbitrary<Draft> draft =
        Arbitraries.of(Operation.values())
            .filter(operation -> !operation.isCall())
            .flatMap(InterpreterModelTest::draft);
    return draft.list().ofMinSize(1).ofMaxSize(150);
  }

  private static Arbitrary<Draft> draft(Operation operation) {
    Arbitrary<Integer> result = Arbitraries.integers().between(FIRST_SLOT, LAST_SLOT);
    Arbitrary<Integer> distance = Arbitraries.integers().between(1, 6);
    return Combinators.combine(first(operation), second(operation), any(), result, distance)
        .as((a, b, c, slot, jump) -> new Draft(operation, a, b, c, slot, jump));
  }

  private static Arbitrary<Operand> first(Operation operation) {
    return usesMemory(operation)
        ? Arbitraries.integers()
            .between(0, DATA_BYTES - 8)
            .map(offset -> Operand.of(LaunchProgram.DATA_ADDRESS + 100 + offset))
        : any();
  }

  private static Arbitrary<Operand> second(Operation operation) {
    if (usesMemory(operation)) {
      return Arbitraries.just(Operand.of(-100));
    }
    return operation == Operation.DIVIDE || operation == Operation.REMAINDER ? nonZero() : any();
  }

  private static boolean usesMemory(Operation operation) {
    return operation.ordinal() >= Operation.LOAD_1.ordinal()
        && operation.ordinal() <= Operation.STORE_8.ordinal();
  }

  private static Arbitrary<Operand> any() {
    return Arbitraries.oneOf(constant(), slot(FIRST_SLOT, LAST_NON_ZERO));
  }

  private static Arbitrary<Operand> nonZero() {
    return Arbitraries.oneOf(
        constant().filter(operand -> operand.code() != 0), slot(FIRST_NON_ZERO, LAST_NON_ZERO));
  }

  private static Arbitrary<Operand> slot(int first, int last) {
    return Arbitraries.integers().between(first, last).map(Operand.Slot::new);
  }

  private static Arbitrary<Operand> constant() {
    return Arbitraries.oneOf(
            Arbitraries.longs(),
            Arbitraries.longs().between(-2, 2),
            Arbitraries.integers().between(0, 63).map(bit -> 1L << bit))
        .map(Operand::of);
  }
}
