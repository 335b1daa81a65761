package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The system calls of a planned program, and what may be asserted of their order. */
final class PlannedCalls {
  /** One system call of the program. */
  record PlannedCall(
      int index, Role role, Syscall syscall, Step step, String meaning, ProgramMemory memory) {
    /** The constant argument at {@code place}; -1 where it is known only at run time. */
    long argument(int place) {
      Operand operand = step.operands().get(place);
      return operand.isSlot() ? -1 : operand.code();
    }

    boolean passes(int place, Operand operand) {
      return step.operands().get(place).equals(operand);
    }

    /** The text that the argument points to, in quotes; empty where it points to none. */
    String text(int place) {
      return step.operands().get(place).isSlot() ? "" : memory.text(argument(place)).orElse("");
    }

    /** Word {@code offset} of what the argument points to. */
    Optional<Long> word(int place, int offset) {
      return memory.word(argument(place) + offset * 8L);
    }
  }

  private final ControlFlow flow;
  private final List<PlannedCall> calls = new ArrayList<>();

  PlannedCalls(LaunchProgram program) {
    flow = new ControlFlow(program);
    ProgramMemory memory = new ProgramMemory(program);
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      if (step.operation().isCall()) {
        Syscall syscall = Syscall.of(step.number(), program.architecture()).orElseThrow();
        calls.add(new PlannedCall(i, step.role(), syscall, step, program.meaningOf(i), memory));
      }
    }
  }

  ControlFlow flow() {
    return flow;
  }

  List<PlannedCall> all() {
    return calls;
  }

  List<PlannedCall> all(Role role, Syscall syscall) {
    return all(role, syscall, call -> true);
  }

  List<PlannedCall> all(Role role, Syscall syscall, Predicate<PlannedCall> which) {
    return calls.stream()
        .filter(call -> call.role() == role && call.syscall() == syscall && which.test(call))
        .toList();
  }

  /** The calls that are made to do {@code what}. */
  List<PlannedCall> to(String what) {
    return calls.stream().filter(call -> call.meaning().equals(what)).toList();
  }

  /** Those of them that are {@code syscall}; what closes a file, for one, has the same purpose. */
  List<PlannedCall> to(String what, Syscall syscall) {
    return to(what).stream().filter(call -> call.syscall() == syscall).toList();
  }

  /** What may be called once {@code call} succeeded. */
  List<PlannedCall> after(PlannedCall call) {
    BitSet reached = flow.from(call.index() + 1);
    return calls.stream().filter(each -> reached.get(each.index())).toList();
  }

  /** No path from the program's start reaches {@code later} around every one of {@code first}. */
  void assertBefore(String rule, List<PlannedCall> first, List<PlannedCall> later) {
    assertFalse(first.isEmpty(), rule + ": never done");
    assertFalse(later.isEmpty(), rule + ": nothing to precede");
    BitSet walls = new BitSet();
    first.forEach(call -> walls.set(call.index()));
    BitSet around = flow.from(0, walls::get);
    for (PlannedCall call : later) {
      assertFalse(around.get(call.index()), rule + ": step " + call.index() + " is reached before");
    }
  }

  /**
   * The same where {@code first} are steps of the first process and {@code later} of the payload's:
   * the first process does them before it writes to {@code pipe}, the payload's reads before.
   */
  void assertBefore(String rule, List<PlannedCall> first, Pipe pipe, List<PlannedCall> later) {
    assertBefore(rule + ", as " + pipe, first, to(pipe.write()));
    assertBefore(rule + ", as " + pipe, to(pipe.read()), later);
    assertFatal(rule, first, to(pipe.write()));
  }

  /** The meanings of the two ends of a hand-shake. */
  record Pipe(String write, String read) {}

  /** Nowhere may the launch go on to {@code goal} where one of {@code required} failed. */
  void assertFatal(String rule, List<PlannedCall> required, List<PlannedCall> goal) {
    assertFalse(required.isEmpty(), rule + ": never done");
    for (PlannedCall call : required) {
      assertTrue(call.step().tolerated().isEmpty(), rule + ": a failure is tolerated");
      BitSet reached = flow.from(call.step().onFailure());
      for (PlannedCall each : goal) {
        assertFalse(reached.get(each.index()), rule + ": goes on after a failure");
      }
    }
  }
}
