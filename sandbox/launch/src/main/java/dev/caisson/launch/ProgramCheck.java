package dev.caisson.launch;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds programs, and the calls they can be made of, to the kernel's syscall tables. */
public final class ProgramCheck {
  private ProgramCheck() {}

  /** What is wrong with {@code program}, one sentence each; empty if nothing is. */
  public static List<String> problems(LaunchProgram program) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      if (step.operation().isCall()) {
        Optional<String> problem = problem(step.number(), program.architecture());
        if (problem.isPresent()) {
          problems.add("step " + i + ": " + problem.get());
        }
      }
    }
    return problems;
  }

  /** Where {@link Syscall} and the table of {@code architecture} differ; empty if nowhere. */
  public static List<String> problems(Architecture architecture) {
    List<String> problems = new ArrayList<>();
    for (Syscall syscall : Syscall.values()) {
      problem(syscall.number(architecture), architecture).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<String> problem(int number, Architecture architecture) {
    Optional<Syscall> expected = Syscall.of(number, architecture);
    if (expected.isEmpty()) {
      return Optional.of("no call of launch programs has number " + number + on(architecture));
    }
    String name = expected.get().callName();
    Optional<String> actual = SyscallTable.of(architecture).name(number);
    if (actual.equals(Optional.of(name))) {
      return Optional.empty();
    }
    String found = actual.map(other -> number + " is " + other).orElse("there is no " + number);
    return Optional.of(name + " is not call " + number + on(architecture) + ": " + found);
  }

  private static String on(Architecture architecture) {
    return " on " + architecture.kernelName();
  }
}
