package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Landlock;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Protection;
import java.util.List;

/** Refuses what a policy requires and a launch on this host cannot give. */
final class PolicyRequirements {
  /** Some twenty steps each, of the 65,535 that a program can number. */
  private static final int MOST_PLACES = 1000;

  private final EffectivePolicy policy;
  private final HostFacts host;
  private final List<String> notes;

  /**
   * @param notes takes what is left out since the policy can do without
   */
  PolicyRequirements(EffectivePolicy policy, HostFacts host, List<String> notes) {
    this.policy = policy;
    this.host = host;
    this.notes = notes;
  }

  /**
   * Looks at everything.
   *
   * @throws PlanRefusal for the first requirement that cannot be met
   */
  void check() {
    kernel();
    landlock();
    places();
  }

  private void kernel() {
    if (!host.kernel().atLeast(5, 12)) {
      throw new PlanRefusal(
          "plan a launch",
          "this kernel is " + host.kernel() + "; the oldest that Caisson runs on is 5.12",
          "Use a newer kernel");
    }
  }

  private void landlock() {
    Landlock wanted = policy.landlock();
    if (wanted.on() && host.landlockAbi() == 0) {
      require(
          Protection.LANDLOCK,
          "Landlock is off on this host",
          "Add landlock to the lsm= boot parameter, or list landlock in the policy's bestEffort");
    } else if (wanted.on() && host.landlockAbi() < wanted.atLeast()) {
      require(
          Protection.LANDLOCK,
          "the kernel has Landlock ABI " + host.landlockAbi() + ", not " + wanted.atLeast(),
          "Use a newer kernel, or list landlock in the policy's bestEffort");
    }
  }

  private void places() {
    if (policy.filesystem().size() > MOST_PLACES) {
      throw refusal(
          "it places "
              + policy.filesystem().size()
              + " files and directories inside; a launch places at most "
              + MOST_PLACES,
          "Bind a directory that holds several of them");
    }
    for (int i = 0; i < policy.filesystem().size(); i++) {
      Mount mount = policy.filesystem().get(i);
      boolean made =
          mount instanceof Mount.TextFile
              || mount instanceof Mount.Copy
              || mount instanceof Mount.Symlink;
      if (made && isInWritableBind(mount.target(), policy.filesystem().subList(0, i))) {
        throw refusal(
            mount.target() + " would be written to the host: a writable bind shows there",
            "Place it elsewhere, or let the bind's access be \"overlay\"");
      }
    }
  }

  /** Whether what shows at the place, with the mounts before, is a host's directory to write to. */
  private static boolean isInWritableBind(UnixPath place, List<Mount> before) {
    boolean writable = false;
    for (Mount mount : before) {
      if (place.startsWith(mount.target())) {
        writable = mount instanceof Mount.Bind bind && bind.access() == Mount.Access.READ_WRITE;
      }
    }
    return writable;
  }

  /** Refuses a launch without {@code protection}, or notes that it goes on without. */
  void require(Protection protection, String why, String remedy) {
    if (!policy.bestEffort().contains(protection)) {
      throw refusal(why, remedy);
    }
    notes.add("not enforced: " + why);
  }

  private PlanRefusal refusal(String why, String remedy) {
    return new PlanRefusal("carry out the policy " + policy.name(), why, remedy);
  }
}
