package dev.caisson.policy.seccomp;

/**
 * Proves that a compiled filter decides every call as its rules do (translation validation): both
 * are turned into {@link Diagrams}, of which equal ones are the same node. Nothing of the compiler
 * is trusted.
 */
public final class FilterProver {
  /** Raised with every change to what a proof means or how it is made; kept proofs then expire. */
  public static final int VERSION = 1;

  /** Nodes past which a proof is given up. */
  public static final int BUDGET = 1_000_000;

  private FilterProver() {}

  /** What came of a proof. */
  public sealed interface Verdict {}

  /**
   * The filter and the rules agree on every call.
   *
   * @param nodes how many nodes the proof made
   */
  public record Proved(int nodes) implements Verdict {}

  /** They differ on a call. */
  public record Refuted(CallExample witness, SeccompAction rules, SeccompAction filter)
      implements Verdict {}

  /** It could not be established; the filter must not be loaded. */
  public record NotDecided(String why) implements Verdict {}

  /** Compares {@code program} with {@code rules}, over every call there is. */
  public static Verdict prove(FilterRules rules, BpfProgram program) {
    Diagrams diagrams = new Diagrams(BUDGET);
    try {
      int wanted = RulesDiagram.of(diagrams, rules);
      int made = FilterDiagram.of(diagrams, program);
      if (wanted == made) {
        return new Proved(diagrams.size());
      }
      DiagramDifference difference =
          DiagramDifference.find(diagrams, wanted, made, (one, two) -> one != two).orElseThrow();
      return new Refuted(
          CallExample.of(difference.data()),
          SeccompAction.ofReturnValue(difference.first()),
          SeccompAction.ofReturnValue(difference.second()));
    } catch (Undecided undecided) {
      return new NotDecided(undecided.why());
    }
  }
}
