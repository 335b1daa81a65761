package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order of profiles by what they decide, over every call there is. */
final class DecidedOrder {
  private final SeccompProfile mine;
  private final Set<Capability> held;
  private final SeccompProfile theirs;
  private final Set<Capability> otherHeld;

  /** For each call in excess: an example, empty where the other executes none of that name. */
  private final TreeMap<String, Optional<CallExample>> found = new TreeMap<>();

  private boolean unnamed;

  private DecidedOrder(
      SeccompProfile mine, Set<Capability> held, SeccompProfile theirs, Set<Capability> otherHeld) {
    this.mine = mine;
    this.held = held;
    this.theirs = theirs;
    this.otherHeld = otherHeld;
  }

  /**
   * What the first executes and the second does not; empty where that is too much to decide. Compat
   * ABIs that only the first lets in are left out.
   */
  static Optional<ProfileOrder.Excess> excess(
      SeccompProfile mine, Set<Capability> held, SeccompProfile theirs, Set<Capability> otherHeld) {
    DecidedOrder order = new DecidedOrder(mine, held, theirs, otherHeld);
    try {
      for (Architecture architecture : Architecture.values()) {
        for (KernelVersion kernel : order.kernels()) {
          order.compare(architecture, kernel);
        }
      }
    } catch (Undecided | SeccompRefusal undecided) {
      return Optional.empty();
    }
    return Optional.of(order.result());
  }

  /** One kernel of each kind that a condition of either profile tells apart. */
  private Set<KernelVersion> kernels() {
    Set<KernelVersion> kernels = new TreeSet<>(Set.of(new KernelVersion(0, 0)));
    for (SeccompProfile profile : List.of(mine, theirs)) {
      for (SeccompProfile.Entry entry : profile.entries()) {
        entry.includes().minKernel().ifPresent(kernels::add);
        entry.excludes().minKernel().ifPresent(kernels::add);
      }
    }
    return kernels;
  }

  private void compare(Architecture architecture, KernelVersion kernel) throws Undecided {
    Optional<FilterRules> rules = launched(architecture, kernel);
    if (rules.isEmpty()) {
      return;
    }
    FilterRules other = theirs.resolve(theirs.target(architecture, kernel, otherHeld));
    Diagrams diagrams = new Diagrams(FilterProver.BUDGET);
    int one = RulesDiagram.of(diagrams, rules.get());
    int two = RulesDiagram.of(diagrams, other);
    for (SeccompRules abi : other.abis()) {
      for (CallRange range : abi.ranges()) {
        if (abi.abi() == Abi.X86_64 && SeccompRules.isX32((int) range.first())) {
          // x32's own rules, if any, say it
          continue;
        }
        DiagramDifference.find(
                diagrams,
                one,
                two,
                abi.abi().auditArch(),
                (int) range.first(),
                FilterComparison::exceeds)
            .ifPresent(difference -> add(abi, range, CallExample.of(difference.data())));
      }
    }
  }

  /** What a launch would load; empty where the first profile cannot be launched at all. */
  private Optional<FilterRules> launched(Architecture architecture, KernelVersion kernel) {
    try {
      return Optional.of(mine.resolve(mine.target(architecture, kernel, held)));
    } catch (SeccompRefusal refused) {
      return Optional.empty();
    }
  }

  private void add(SeccompRules other, CallRange range, CallExample example) {
    if (!range.assigned()) {
      unnamed = true;
      return;
    }
    int number = (int) range.first();
    String name = other.table().name(number).orElseThrow();
    found.merge(
        name,
        other.mayExecute(number) ? Optional.of(example) : Optional.empty(),
        (first, second) -> first.isPresent() ? first : second);
  }

  private ProfileOrder.Excess result() {
    List<String> always = new ArrayList<>();
    List<String> sometimes = new ArrayList<>();
    Optional<String> example = Optional.empty();
    for (var entry : found.entrySet()) {
      if (entry.getValue().isEmpty()) {
        always.add(entry.getKey());
      } else {
        sometimes.add(entry.getKey());
        example = example.or(() -> entry.getValue().map(CallExample::toString));
      }
    }
    return new ProfileOrder.Excess(always, sometimes, example, unnamed);
  }
}
