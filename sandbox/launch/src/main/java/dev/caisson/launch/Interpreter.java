package dev.caisson.launch;

import dev.caisson.policy.Architecture;

/**
 * The machine code that runs a {@link LaunchProgram}. It uses no stack and no memory but the slots
 * (so a cloned child goes on as its parent does), and knows four things: where the slots are, where
 * the ELF file says the steps are, how a step is encoded, and how to make a system call.
 */
final class Interpreter {
  /** Each operation's code starts this many bytes after the previous one's. */
  static final int HANDLER_BYTES = 8;

  /** The code is never longer than this. */
  static final int MAX_BYTES = 450;

  /** A raw result from -4095 to -1 is a negated errno (syscall(2)). */
  static final int MAX_ERRNO = 4095;

  private Interpreter() {}

  /** The code for {@code architecture}; it starts at its first byte. */
  static byte[] code(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> new X86Interpreter().code();
      case AARCH64 -> new Arm64Interpreter().code();
    };
  }
}
