package dev.caisson.policy.seccomp;

/** How the rules of a profile in the format of OCI are understood. */
public enum Reading {
  /**
   * Arguments at the width that the kernel reads, the strictest of several rules, ENOSYS for calls
   * that the author cannot have known, no call whose arguments lie in memory beside rules on what
   * lies there.
   */
  STRICT,
  /**
   * As libseccomp decides where runc adds the rules: every argument on 64 bits, a rule without
   * arguments before those with, else the one that was added first, no ENOSYS, and rules that say
   * what the default says left out.
   */
  COMPAT
}
