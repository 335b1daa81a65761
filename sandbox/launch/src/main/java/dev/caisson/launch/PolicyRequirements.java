package dev.caisson.launch;

import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Landlock;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Namespaces;
import dev.caisson.policy.Protection;
import dev.caisson.policy.User;
import dev.caisson.policy.UserMap;
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
    outputLimit();
    tmpfsLimit();
    secrets();
    namespaces();
    timeOffsets();
    userIds();
    groups();
    terminal();
    sessionKeyring();
    overlays();
    noExec();
    fullProc();
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
  }

  private void outputLimit() {
    refuseIf(policy.limits().output().isPresent(), "limit output", "limits.output");
  }

  private void tmpfsLimit() {
    Limits limits = policy.limits();
    refuseIf(limits.tmpfs().isPresent(), "limit file systems in memory", "limits.tmpfs");
  }

  private void secrets() {
    refuseIf(!policy.secrets().isEmpty(), "pass secrets", "secrets");
  }

  private void namespaces() {
    Namespaces own = policy.namespaces();
    refuseIf(own.user() != UserMap.AUTO, "choose the user map", "namespaces.user");
    refuseIf(!own.ipc(), "share the IPC namespace", "namespaces.ipc");
    refuseIf(!own.hostname(), "share the host name's namespace", "namespaces.hostname");
    refuseIf(!own.cgroup(), "share the control group namespace", "namespaces.cgroup");
  }

  private void timeOffsets() {
    refuseIf(policy.namespaces().time().isPresent(), "set clocks", "namespaces.time");
  }

  private void userIds() {
    refuseIf(
        policy.process().user() instanceof User.Id,
        "run a program as another user than root and the caller",
        "process.user");
  }

  private void groups() {
    refuseIf(!policy.process().groups().isEmpty(), "set groups", "process.groups");
  }

  private void terminal() {
    refuseIf(!policy.process().tty(), "keep terminals away", "process.tty");
  }

  private void sessionKeyring() {
    refuseIf(
        !policy.process().sessionKeyring(), "share the session keyring", "process.sessionKeyring");
  }

  private void overlays() {
    for (Mount mount : policy.filesystem()) {
      boolean overlay = mount instanceof Mount.Bind bind && bind.access() == Mount.Access.OVERLAY;
      refuseIf(overlay, "bind with the access overlay", "filesystem, at " + mount.target());
    }
  }

  private void noExec() {
    for (Mount mount : policy.filesystem()) {
      boolean exec =
          !(mount instanceof Mount.Bind bind && !bind.exec())
              && !(mount instanceof Mount.Tmpfs tmpfs && !tmpfs.exec());
      refuseIf(!exec, "keep programs from being executed", "filesystem, at " + mount.target());
    }
  }

  private void fullProc() {
    refuseIf(policy.proc() == ProcView.FULL, "show all of /proc", "proc");
  }

  private void refuseIf(boolean asked, String what, String field) {
    if (asked) {
      throw refusal("this version does not " + what, "Change the field " + field);
    }
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
