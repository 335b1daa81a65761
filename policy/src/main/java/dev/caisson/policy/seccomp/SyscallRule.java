package dev.caisson.policy.seccomp;

import java.util.List;

/**
 * What to do with a call whose arguments pass every check.
 *
 * @param name of the call; a name that the architecture does not have says nothing there
 * @param when all must hold; none means always
 */
public record SyscallRule(String name, SeccompAction action, List<ArgumentCheck> when) {
  public SyscallRule {
    when = List.copyOf(when);
  }

  /** A rule for every call of that name. */
  public static SyscallRule always(String name, SeccompAction action) {
    return new SyscallRule(name, action, List.of());
  }
}
