package dev.caisson.policy.seccomp;

/**
 * A comparison of one argument with a constant. The argument is what the kernel reads: its low 2, 4
 * or 8 bytes, unsigned. A constant that is a negative int written in 64 bits means that int where
 * the kernel reads 4 bytes.
 *
 * @param argument 0 to 5
 * @param value compared with, or the mask of MASKED_EQ
 * @param valueTwo what the masked argument must equal; else 0
 */
public record ArgumentCheck(int argument, Comparison comparison, long value, long valueTwo) {
  public ArgumentCheck {
    if (argument < 0 || argument >= SyscallTable.ARGUMENTS) {
      throw new IllegalArgumentException("argument " + argument);
    }
  }

  /** A comparison with one value. */
  public static ArgumentCheck of(int argument, Comparison comparison, long value) {
    return new ArgumentCheck(argument, comparison, value, 0);
  }

  /** Holds where {@code argument & mask} equals {@code value}. */
  public static ArgumentCheck masked(int argument, long mask, long value) {
    return new ArgumentCheck(argument, Comparison.MASKED_EQ, mask, value);
  }
}
