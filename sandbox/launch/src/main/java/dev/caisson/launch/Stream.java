package dev.caisson.launch;

import dev.caisson.launch.Operand.Immediate;

/** How a standard stream of the caller reaches the payload. */
final class Stream {
  /** As it is: one of the harmless character devices. */
  static final Immediate PASSED = Operand.of(0);

  /** A regular file, opened again for reading through a read-only mount of its own. */
  static final Immediate REOPENED = Operand.of(1);

  /** Through a pipe that a relay fills or drains. */
  static final Immediate RELAYED = Operand.of(2);

  /** The sandbox's own terminal in place of the caller's. */
  static final Immediate TERMINAL = Operand.of(3);

  /** Standard error shares the pipe of standard output, which keeps their order. */
  static final Immediate SHARED = Operand.of(4);

  /**
   * What a sandbox sends through the status pipe, in place of a step, to have its input relayed.
   */
  static final Immediate RELAY_INPUT = Operand.of(0xffff_ffffL);

  private Stream() {}
}
