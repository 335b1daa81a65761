package dev.caisson.engine;

import dev.caisson.launch.LaunchProgram;
import dev.caisson.launch.Listing;
import dev.caisson.launch.Operand;
import dev.caisson.launch.Operation;
import dev.caisson.launch.Step;
import java.util.ArrayList;
import java.util.List;

/** One thing that goes wrong in a launch program. */
sealed interface Fault {
  /** The same program, in which it does. */
  LaunchProgram in(LaunchProgram program);

  /**
   * The call of step {@code index} is not made but fails with {@code errno}, the first {@code
   * times} times that it is reached.
   */
  record Error(int index, int errno, int times) implements Fault {
    private static final Operand.Slot COUNT = new Operand.Slot(LaunchProgram.SLOTS - 1);

    @Override
    public LaunchProgram in(LaunchProgram program) {
      List<Step> steps = new ArrayList<>(program.steps());
      Step call = steps.get(index);
      int first = steps.size();
      boolean result =
          call.tolerated().contains(errno) || call.tolerated().contains(Step.ANY_ERROR);
      List<Step> added = new ArrayList<>();
      added.add(add(call, COUNT, COUNT, 1));
      if (Listing.step(program, index).contains("close(")) {
        // close(2) closes whatever it returns
        added.add(tolerant(call));
      }
      if (result) {
        added.add(add(call, new Operand.Slot(call.result()), Operand.of(-errno), 0));
        added.add(jump(call, index + 1));
      } else {
        added.add(add(call, new Operand.Slot(LaunchProgram.FAILED_STEP_SLOT), zero(), index));
        added.add(add(call, new Operand.Slot(LaunchProgram.ERRNO_SLOT), zero(), errno));
        added.add(jump(call, call.onFailure()));
      }
      int real = first + 1 + added.size();
      steps.add(step(call, Operation.JUMP_LESS, 0, Operand.of(times - 1L), COUNT, at(real)));
      steps.addAll(added);
      steps.add(call);
      steps.add(jump(call, index + 1));
      steps.set(index, jump(call, first));
      return with(program, steps);
    }

    private static Step tolerant(Step call) {
      return new Step(
          call.operation(),
          call.role(),
          call.number(),
          call.operands(),
          DISCARDED,
          List.of(Step.ANY_ERROR),
          call.onFailure(),
          call.meaning());
    }

    private static Step add(Step like, Operand.Slot into, Operand a, long b) {
      return step(like, Operation.ADD, into.index(), a, Operand.of(b), zero());
    }

    private static Step jump(Step like, int target) {
      return step(like, Operation.JUMP_EQUAL, 0, zero(), zero(), at(target));
    }

    private static Operand at(int step) {
      return Operand.of(step);
    }
  }

  /** The process that reaches step {@code index} is killed there. */
  record Death(int index) implements Fault {
    @Override
    public LaunchProgram in(LaunchProgram program) {
      List<Step> steps = new ArrayList<>(program.steps());
      Step call = steps.get(index);
      // nothing is mapped at address 0, and the fault's signal cannot be blocked
      steps.set(index, step(call, Operation.LOAD_8, DISCARDED, zero(), zero(), zero()));
      return with(program, steps);
    }
  }

  /** The slot that nothing reads. */
  int DISCARDED = 3;

  private static Operand zero() {
    return Operand.of(0);
  }

  private static Step step(
      Step like, Operation operation, int result, Operand a, Operand b, Operand c) {
    return new Step(
        operation,
        like.role(),
        0,
        List.of(a, b, c, zero(), zero(), zero()),
        operation.isJump() ? DISCARDED : result,
        List.of(),
        0,
        like.meaning());
  }

  private static LaunchProgram with(LaunchProgram program, List<Step> steps) {
    return new LaunchProgram(program.architecture(), steps, program.data(), program.zeroBytes());
  }
}
