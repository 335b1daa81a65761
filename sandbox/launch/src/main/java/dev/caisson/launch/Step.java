package dev.caisson.launch;

import java.util.List;

/**
 * One step of a launch program.
 *
 * @param number the system call's number on the program's architecture; 0 for other operations
 * @param operands six, a to f; unused ones are the constant 0
 * @param result the slot that takes the result
 * @param tolerated errors (errno, at most four) that are a result like any other, as a negative
 *     number; {@link #ANY_ERROR} tolerates all
 * @param onFailure the step to go on at when the call fails otherwise
 * @param meaning the offset in the program's data of a NUL-terminated text that says what is being
 *     done, as the rest of "cannot ..."; 0 for none
 */
public record Step(
    Operation operation,
    Role role,
    int number,
    List<Operand> operands,
    int result,
    List<Integer> tolerated,
    int onFailure,
    int meaning) {
  /** In {@link #tolerated}: every error. */
  public static final int ANY_ERROR = 255;

  public Step {
    operands = List.copyOf(operands);
    tolerated = List.copyOf(tolerated);
    if (operands.size() != 6 || tolerated.size() > 4) {
      throw new IllegalArgumentException("six operands and at most four tolerated errors");
    }
  }
}
