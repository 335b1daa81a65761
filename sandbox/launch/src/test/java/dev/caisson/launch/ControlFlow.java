package dev.caisson.launch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Which step of a program may run after which, so that an order can be shown for every path. */
final class ControlFlow {
  private final LaunchProgram program;
  private final Map<Integer, List<Integer>> assigned = new HashMap<>();

  ControlFlow(LaunchProgram program) {
    this.program = program;
    for (Step step : program.steps()) {
      boolean constant =
          step.operation() == Operation.ADD
              && !step.operands().get(0).isSlot()
              && step.operands().get(1).equals(Operand.of(0));
      if (constant) {
        assigned
            .computeIfAbsent(step.result(), slot -> new ArrayList<>())
            .add((int) step.operands().get(0).code());
      }
    }
  }

  /** The steps that may run from {@code start} on, {@code start} among them. */
  BitSet from(int start) {
    return from(start, step -> false);
  }

  /** The same where nothing runs at or behind a step of {@code walls}. */
  BitSet from(int start, IntPredicate walls) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      int at = open.remove();
      if (!walls.test(at) && !seen.get(at)) {
        seen.set(at);
        open.addAll(successors(at));
      }
    }
    return seen;
  }

  /** What may run right after step {@code at}. */
  List<Integer> successors(int at) {
    Step step = program.steps().get(at);
    if (step.operation().isJump()) {
      List<Integer> next = new ArrayList<>(targets(step.operands().get(2)));
      boolean always =
          step.operation() == Operation.JUMP_EQUAL
              && step.operands().get(0).equals(step.operands().get(1));
      if (!always) {
        next.add(at + 1);
      }
      return next;
    }
    if (!step.operation().isCall()) {
      return List.of(at + 1);
    }
    if (step.number() == Syscall.EXIT_GROUP.number(program.architecture())) {
      return List.of();
    }
    boolean neverFails = step.tolerated().contains(Step.ANY_ERROR);
    return neverFails ? List.of(at + 1) : List.of(at + 1, step.onFailure());
  }

  /** A target in a slot is a return: it is one of the constants that are put there. */
  private List<Integer> targets(Operand target) {
    return target.isSlot()
        ? assigned.getOrDefault((int) target.code(), List.of())
        : List.of((int) target.code());
  }
}
