package dev.caisson.policy.seccomp;

import java.util.Set;

/**
 * The page at a fixed address by which old programs of x86_64 ask for the time (vdso(7)). The
 * kernel shows its three calls to filters with their numbers, and an instruction pointer that no
 * program of its own can have. A launch refuses them: code at an address that is the same
 * everywhere is of use to an attack, and since 2011 to no C library.
 */
final class VsyscallPage {
  /** The high word of every address in it. */
  static final int HIGH = 0xffffffff;

  /** What its calls get. */
  static final SeccompAction REFUSED = new SeccompAction.Errno(1);

  /** gettimeofday, time and getcpu. */
  private static final Set<Long> CALLS = Set.of(96L, 201L, 309L);

  private VsyscallPage() {}

  /** Whether the calls of {@code range} can come from there. */
  static boolean reaches(CallRange range) {
    return range.abi() == Abi.X86_64 && range.assigned() && CALLS.contains(range.first());
  }
}
