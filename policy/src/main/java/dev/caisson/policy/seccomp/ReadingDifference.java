package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A call that the two readings of one profile decide differently, with an example.
 *
 * @param cause why they do
 * @param strict what the strict reading says
 * @param compat what libseccomp would
 */
public record ReadingDifference(
    Cause cause, CallExample call, SeccompAction strict, SeccompAction compat) {
  /** Why the readings differ. */
  public enum Cause {
    /** Bits of an argument that the kernel does not read, or a negative int. */
    WIDTH("bits that the kernel does not read are not compared"),
    /** A call that the author cannot have known. */
    NEWER("calls newer than the author knew get ENOSYS"),
    /** A call whose arguments lie in memory. */
    UNINSPECTED("calls that get around a rule on another are refused"),
    /** Several rules match: the strictest decides, not the first. */
    OVERLAP("of several rules the strictest decides");

    private final String meaning;

    Cause(String meaning) {
      this.meaning = meaning;
    }

    /** A clause of a sentence. */
    public String meaning() {
      return meaning;
    }
  }

  /**
   * One difference of each call of the target's ABIs that has any.
   *
   * @throws SeccompRefusal where it cannot be decided within the prover's budget
   */
  public static List<ReadingDifference> all(SeccompProfile profile, FilterTarget target) {
    FilterRules strict = profile.resolve(target.reading(Reading.STRICT));
    FilterRules compat = profile.resolve(target.reading(Reading.COMPAT));
    Diagrams diagrams = new Diagrams(FilterProver.BUDGET);
    List<ReadingDifference> all = new ArrayList<>();
    try {
      int one = RulesDiagram.of(diagrams, strict);
      int two = RulesDiagram.of(diagrams, compat);
      for (SeccompRules rules : strict.abis()) {
        for (CallRange range : rules.ranges()) {
          Optional<DiagramDifference> found =
              DiagramDifference.find(
                  diagrams,
                  one,
                  two,
                  rules.abi().auditArch(),
                  (int) range.first(),
                  (a, b) -> a != b);
          if (found.isPresent()) {
            all.add(of(CallExample.of(found.get().data()), rules, strict, compat));
          }
        }
      }
    } catch (Undecided undecided) {
      throw new SeccompRefusal(
          "compare the readings of the seccomp profile " + profile.name(),
          "it could not be decided what they do: " + undecided.why(),
          "Use fewer rules that look at the bits of several arguments at once");
    }
    return all;
  }

  /** The difference that {@code call}, decided differently, is an example of. */
  private static ReadingDifference of(
      CallExample call, SeccompRules rules, FilterRules strict, FilterRules compat) {
    long[] given = new long[SyscallTable.ARGUMENTS];
    long[] read = new long[SyscallTable.ARGUMENTS];
    long[] signed = new long[SyscallTable.ARGUMENTS];
    for (int i = 0; i < given.length; i++) {
      given[i] = call.arguments().get(i);
      int width = rules.width(call.number(), i);
      read[i] = given[i] & ArgumentTest.widthMask(width);
      signed[i] = width == Integer.BYTES ? (int) given[i] : read[i];
    }
    SeccompAction one = strict.decide(call.auditArch(), call.number(), given);
    SeccompAction two = compat.decide(call.auditArch(), call.number(), given);
    Cause cause = Cause.OVERLAP;
    if (rules.answersUnknown(call.number())) {
      cause = Cause.NEWER;
    } else if (rules.refusesUninspected(call.number())) {
      cause = Cause.UNINSPECTED;
    } else if (compat.decide(call.auditArch(), call.number(), read).equals(one)
        || compat.decide(call.auditArch(), call.number(), signed).equals(one)) {
      cause = Cause.WIDTH;
    }
    return new ReadingDifference(cause, call, one, two);
  }
}
