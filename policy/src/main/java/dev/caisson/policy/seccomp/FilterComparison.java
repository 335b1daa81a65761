package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one filter may execute that another may not, over every call there is. Executing are allow,
 * log, trace and notify.
 *
 * @param excess for each call that the first may execute and the second not, an example
 * @param inequality an example of a call that they answer differently, executed or not; empty where
 *     they are the same function
 */
public record FilterComparison(List<Difference> excess, Optional<Difference> inequality) {
  public FilterComparison {
    excess = List.copyOf(excess);
  }

  /** A call, and what each filter does with it. */
  public record Difference(CallExample call, SeccompAction first, SeccompAction second) {
    private static Difference of(DiagramDifference found) {
      return new Difference(
          CallExample.of(found.data()),
          SeccompAction.ofReturnValue(found.first()),
          SeccompAction.ofReturnValue(found.second()));
    }
  }

  /** One of the two: rules, or a program that any compiler may have made. */
  public sealed interface Side {
    static Side of(FilterRules rules) {
      return new OfRules(rules);
    }

    static Side of(BpfProgram program) {
      return new OfProgram(program);
    }
  }

  private record OfRules(FilterRules rules) implements Side {}

  private record OfProgram(BpfProgram program) implements Side {}

  /**
   * Compares.
   *
   * @throws SeccompRefusal where it cannot be decided within the prover's budget, or a program has
   *     operations whose effect is not followed
   */
  public static FilterComparison of(Side first, Side second) {
    Diagrams diagrams = new Diagrams(FilterProver.BUDGET);
    try {
      int one = diagram(diagrams, first);
      int two = diagram(diagrams, second);
      return new FilterComparison(
          excess(diagrams, one, two),
          DiagramDifference.find(diagrams, one, two, (a, b) -> a != b).map(Difference::of));
    } catch (Undecided undecided) {
      throw new SeccompRefusal(
          "compare two filters",
          "it could not be decided what they do: " + undecided.why(),
          "Compare simpler filters, or ones of plain loads, comparisons, masks and returns");
    }
  }

  private static int diagram(Diagrams diagrams, Side side) throws Undecided {
    return side instanceof OfRules of
        ? RulesDiagram.of(diagrams, of.rules())
        : FilterDiagram.of(diagrams, ((OfProgram) side).program());
  }

  static boolean exceeds(int first, int second) {
    return SeccompAction.ofReturnValue(first).executes()
        && !SeccompAction.ofReturnValue(second).executes();
  }

  private static List<Difference> excess(Diagrams diagrams, int one, int two) {
    Optional<DiagramDifference> any =
        DiagramDifference.find(diagrams, one, two, FilterComparison::exceeds);
    if (any.isEmpty()) {
      return List.of();
    }
    List<Difference> excess = new ArrayList<>();
    for (Abi abi : Abi.values()) {
      for (int number : SyscallTable.of(abi).numbers()) {
        DiagramDifference.find(
                diagrams, one, two, abi.auditArch(), number, FilterComparison::exceeds)
            .ifPresent(found -> excess.add(Difference.of(found)));
      }
    }
    // only by numbers that no call has
    return excess.isEmpty() ? List.of(Difference.of(any.get())) : excess;
  }
}
