package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Capability;
import java.util.Set;

/** Giving up capabilities, all five sets of them (capabilities(7)). */
final class CapabilitySteps {
  /** _LINUX_CAPABILITY_VERSION_3. */
  private static final long VERSION_3 = 0x20080522;

  private static final long LOW = 0xffff_ffffL;

  /** NOROOT and NO_SETUID_FIXUP, on and locked; KEEP_CAPS locked off. */
  private static final long SECUREBITS = 0x2f;

  /** NO_CAP_AMBIENT_RAISE, on and locked. */
  private static final long SECUREBITS_NO_AMBIENT = 0xc0;

  private final ProgramBuilder b;

  CapabilitySteps(LaunchContext context) {
    b = context.b;
  }

  /** Leaves the bounding set but {@code kept}, before the capability to do so goes. */
  void dropBounding(Set<Capability> kept) {
    Operand.Slot number = b.slot();
    Operand.Slot result = b.slot();
    Label next = b.label();
    Label skip = b.label();
    Label done = b.label();
    b.set(number, n(0));
    b.place(next);
    for (Capability capability : Capability.values()) {
      if (kept.contains(capability)) {
        b.jumpIfEqual(number, n(capability.ordinal()), skip);
      }
    }
    b.call(
            "leave the capability bounding set",
            Syscall.PRCTL,
            n(Linux.PR_CAPBSET_DROP),
            number,
            n(0),
            n(0),
            n(0))
        .into(result)
        .tolerate(Errno.EINVAL);
    b.jumpIfNotEqual(result, n(0), done);
    b.place(skip);
    b.add(number, number, n(1));
    b.jumpIfLess(number, n(64), next);
    b.place(done);
  }

  /** Leaves what {@link #dropBounding} kept of the bounding set. */
  void dropKept(Set<Capability> kept) {
    for (Capability capability : Capability.values()) {
      if (kept.contains(capability)) {
        b.call(
            "leave the capability bounding set",
            Syscall.PRCTL,
            n(Linux.PR_CAPBSET_DROP),
            n(capability.ordinal()),
            n(0),
            n(0),
            n(0));
      }
    }
  }

  /** No privilege by uid 0 or by a change of ids, for good. Before any change of ids. */
  void lockSecurebits(Set<Capability> kept) {
    long bits = kept.isEmpty() ? SECUREBITS | SECUREBITS_NO_AMBIENT : SECUREBITS;
    b.call(
        "lock the secure bits",
        Syscall.PRCTL,
        n(Linux.PR_SET_SECUREBITS),
        n(bits),
        n(0),
        n(0),
        n(0));
  }

  /** Empties the ambient and inheritable sets and keeps {@code held} alone in the others. */
  void holdOnly(Set<Capability> held) {
    clearAmbient();
    capset(Capability.mask(held), 0);
  }

  /** Keeps {@code kept} alone in all sets, so that it outlives execve(2). */
  void keepOnly(Set<Capability> kept) {
    clearAmbient();
    capset(Capability.mask(kept), Capability.mask(kept));
    for (Capability capability : Capability.values()) {
      if (kept.contains(capability)) {
        b.call(
            "keep " + capability.fullName(),
            Syscall.PRCTL,
            n(Linux.PR_CAP_AMBIENT),
            n(Linux.PR_CAP_AMBIENT_RAISE),
            n(capability.ordinal()),
            n(0),
            n(0));
      }
    }
  }

  private void clearAmbient() {
    b.call(
        "empty the ambient set",
        Syscall.PRCTL,
        n(Linux.PR_CAP_AMBIENT),
        n(Linux.PR_CAP_AMBIENT_CLEAR_ALL),
        n(0),
        n(0),
        n(0));
  }

  /**
   * Effective and permitted are {@code held}; each word pair is {effective, permitted, inherited}.
   */
  private void capset(long held, long inherited) {
    long low = held & LOW;
    long high = held >>> 32;
    b.call(
        "drop capabilities",
        Syscall.CAPSET,
        b.words(VERSION_3),
        b.words(low | low << 32, (inherited & LOW) | high << 32, high | (inherited >>> 32) << 32));
  }

  /** No program gives its caller privileges any more. */
  void setNoNewPrivileges() {
    b.call("set no_new_privs", Syscall.PRCTL, n(Linux.PR_SET_NO_NEW_PRIVS), n(1), n(0), n(0), n(0));
  }
}
