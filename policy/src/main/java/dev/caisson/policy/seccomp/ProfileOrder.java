package dev.caisson.policy.seccomp;

import dev.caisson.policy.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order of profiles by what they let execute. What their rules say is compared first, which is
 * quick and never wrongly says that nothing more is allowed. Where that finds something, every call
 * there is decides, on each architecture and kernel that the profiles tell apart; only where that
 * is too much the first answer stands.
 */
public final class ProfileOrder {
  /** More names than this tell a reader nothing. */
  private static final int NAMED = 12;

  private ProfileOrder() {}

  /**
   * What {@code mine} allows and {@code theirs} does not, in words; empty where it allows no more.
   *
   * @param held the capabilities that are kept with the first
   * @param otherHeld those that are kept with the second
   */
  public static List<String> excess(
      SeccompProfile mine, Set<Capability> held, SeccompProfile theirs, Set<Capability> otherHeld) {
    List<String> said = new ArrayList<>();
    Set<Abi> abis = new TreeSet<>(mine.compatAbis());
    abis.removeAll(theirs.compatAbis());
    if (!abis.isEmpty()) {
      said.add("lets in calls of " + listed(abis.stream().map(Abi::kernelName).toList()));
    }
    Excess written = WrittenOrder.excess(mine, held, theirs, otherHeld);
    if (!written.isEmpty()) {
      Optional<Excess> decided = DecidedOrder.excess(mine, held, theirs, otherHeld);
      said.addAll(decided.orElse(written).sentences());
    }
    return said;
  }

  /**
   * What is allowed beyond another profile.
   *
   * @param always names of calls of which the other executes none
   * @param sometimes names of calls of which the other executes some
   * @param example one of the calls of {@code sometimes}, where one is known
   * @param unnamed whether calls that no profile names are among it
   */
  record Excess(
      List<String> always, List<String> sometimes, Optional<String> example, boolean unnamed) {
    Excess {
      always = List.copyOf(always);
      sometimes = List.copyOf(sometimes);
    }

    boolean isEmpty() {
      return always.isEmpty() && sometimes.isEmpty() && !unnamed;
    }

    private List<String> sentences() {
      List<String> said = new ArrayList<>();
      if (!always.isEmpty()) {
        said.add("allows the calls " + listed(always));
      }
      if (!sometimes.isEmpty()) {
        String like = example.map(call -> ", for example " + call).orElse("");
        said.add("allows more of the calls " + listed(sometimes) + like);
      }
      if (unnamed) {
        said.add("allows every call that its profile does not name");
      }
      return said;
    }
  }

  private static String listed(List<String> words) {
    return words.size() <= NAMED
        ? String.join(", ", words)
        : String.join(", ", words.subList(0, NAMED)) + " and " + (words.size() - NAMED) + " more";
  }
}
