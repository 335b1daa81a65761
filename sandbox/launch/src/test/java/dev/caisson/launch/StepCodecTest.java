package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.policy.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class StepCodecTest {
  @Property(tries = 300)
  void decodingUndoesEncoding(@ForAll("programs") LaunchProgram program) {
    assertEquals(program.steps(), StepCodec.decode(StepCodec.encode(program.steps())));
    assertEquals(program, Elf.parse(Elf.write(program)));
  }

  @Property(tries = 300)
  void whateverIsDecodedEncodesToTheSame(@ForAll @Size(128) byte[] bytes) {
    List<Step> steps;
    try {
      steps = StepCodec.decode(bytes);
    } catch (ProgramRefusal refusal) {
      return;
    }
    assertArrayEquals(bytes, StepCodec.encode(steps));
  }

  @Property(tries = 300)
  void aChangedFileIsRefusedOrAnotherProgram(
      @ForAll("programs") LaunchProgram program, @ForAll int place, @ForAll byte change) {
    byte[] file = Elf.write(program);
    int at = Math.floorMod(place, file.length);
    file[at] ^= change;
    LaunchProgram parsed;
    try {
      parsed = Elf.parse(file);
    } catch (ProgramRefusal refusal) {
      return;
    }
    assertArrayEquals(file, Elf.write(parsed));
  }

  @Example
  void theLayoutIsFixed() {
    List<Operand> operands =
        List.of(
            Operand.of(0x1122334455667788L),
            new Operand.Slot(511),
            Operand.of(0),
            Operand.of(0),
            Operand.of(0),
            new Operand.Slot(4));
    Step step =
        new Step(
            Operation.CALL_AGAIN, Role.PAYLOAD, 439, operands, 510, List.of(4, 255), 0x1234, 77);
    ByteBuffer bytes =
        ByteBuffer.wrap(StepCodec.encode(List.of(step))).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(64, bytes.capacity());
    assertEquals(1, bytes.get(0));
    assertEquals(0b100010, bytes.get(1));
    assertEquals(439, bytes.getShort(2));
    assertEquals(0xff04, bytes.getInt(4));
    assertEquals(510, bytes.getShort(8));
    assertEquals(0x1234, bytes.getShort(10));
    assertEquals(77 | Role.PAYLOAD.ordinal() << 24, bytes.getInt(12));
    assertEquals(0x1122334455667788L, bytes.getLong(16));
    assertEquals(511, bytes.getLong(24));
    assertEquals(4, bytes.getLong(56));
  }

  @Example
  void whatDoesNotFitIsNotEncoded() {
    assertUnencodable(step(0x10000, 0, List.of(), 0));
    assertUnencodable(step(-1, 0, List.of(), 0));
    assertUnencodable(step(0, LaunchProgram.SLOTS, List.of(), 0));
    assertUnencodable(step(0, 0, List.of(0), 0));
    assertUnencodable(step(0, 0, List.of(256), 0));
    assertUnencodable(step(0, 0, List.of(), 1 << 24));
  }

  private static Step step(int number, int result, List<Integer> tolerated, int meaning) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      operands.add(Operand.of(0));
    }
    return new Step(Operation.CALL, Role.INIT, number, operands, result, tolerated, 0, meaning);
  }

  private static void assertUnencodable(Step step) {
    assertThrows(IllegalArgumentException.class, () -> StepCodec.encode(List.of(step)));
  }

  @Provide
  Arbitrary<LaunchProgram> programs() {
    return Arbitraries.integers()
        .between(1, 40)
        .flatMap(
            count ->
                Combinators.combine(
                        Arbitraries.of(Architecture.values()),
                        Arbitraries.bytes().array(byte[].class).ofMinSize(20).ofMaxSize(300),
                        Arbitraries.integers().between(0, 1 << 24),
                        step(count).list().ofSize(count))
                    .as(
                        (architecture, data, zeroes, steps) ->
                            new LaunchProgram(architecture, steps, data, zeroes)));
  }

  private static Arbitrary<Step> step(int steps) {
    return Arbitraries.of(Operation.values()).flatMap(operation -> step(operation, steps));
  }

  private static Arbitrary<Step> step(Operation operation, int steps) {
    return Combinators.combine(
            Arbitraries.of(Role.values()),
            Arbitraries.integers().between(0, 0xffff),
            operand().list().ofSize(6),
            Arbitraries.integers().between(1, LaunchProgram.SLOTS - 1),
            Arbitraries.integers().between(1, 255).list().ofMaxSize(4),
            Arbitraries.integers().between(0, steps - 1),
            Arbitraries.integers().between(0, 19))
        .as(
            (role, number, operands, result, tolerated, target, meaning) ->
                new Step(
                    operation,
                    role,
                    number,
                    valid(operation, operands, target),
                    result,
                    tolerated,
                    target,
                    meaning));
  }

  private static List<Operand> valid(Operation operation, List<Operand> operands, int target) {
    List<Operand> valid = new ArrayList<>(operands);
    if (operation.isJump()) {
      valid.set(2, Operand.of(target));
    }
    if (operands.get(1).equals(Operand.of(0))) {
      valid.set(1, Operand.of(1));
    }
    return valid;
  }

  private static Arbitrary<Operand> operand() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(Operand::of),
        Arbitraries.integers().between(0, LaunchProgram.SLOTS - 1).map(Operand.Slot::new));
  }
}
