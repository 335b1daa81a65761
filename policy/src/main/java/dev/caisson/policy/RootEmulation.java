package dev.caisson.policy;

/** What a program that acts as root over ids is told where the kernel would refuse it. */
public enum RootEmulation {
  /** What the kernel says. */
  NONE,
  /** That changes of owners and ids, and making device nodes, succeeded; nothing changes. */
  ERRNO,
  /** The same, and a supervisor keeps what was changed and answers by it. */
  FULL
}
