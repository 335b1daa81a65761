package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.policy.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramCheckTest {
  @ParameterizedTest
  @EnumSource
  void everyCallHasItsNumber(Architecture architecture) {
    assertEquals(List.of(), ProgramCheck.problems(architecture));
  }

  @ParameterizedTest
  @EnumSource
  void noNumberStandsForTwoCalls(Architecture architecture) {
    for (Syscall syscall : Syscall.values()) {
      assertEquals(syscall, Syscall.of(syscall.number(architecture), architecture).orElseThrow());
    }
  }

  @Test
  void aNumberOfTheOtherArchitectureIsFound() {
    LaunchProgram good = exit(Syscall.EXIT_GROUP.number(Architecture.AARCH64));
    assertEquals(List.of(), ProgramCheck.problems(good));
    LaunchProgram wrong = exit(Syscall.EXIT_GROUP.number(Architecture.X86_64));
    assertEquals(
        List.of("step 1: no call of launch programs has number 231 on aarch64"),
        ProgramCheck.problems(wrong));
  }

  private static LaunchProgram exit(int number) {
    Operand zero = Operand.of(0);
    List<Operand> zeroes = List.of(zero, zero, zero, zero, zero, zero);
    // what is no call has no number to check
    Step set = new Step(Operation.ADD, Role.INIT, 9999, zeroes, 4, List.of(), 0, 0);
    Step exit = new Step(Operation.CALL, Role.INIT, number, zeroes, 3, List.of(), 0, 0);
    return new LaunchProgram(Architecture.AARCH64, List.of(set, exit), new byte[1], 0);
  }
}
