package dev.caisson.launch;

/**
 * What a step does; the ordinal is its code. Comparisons are unsigned, arithmetic wraps at 64 bits.
 * Operands are named a to f.
 */
public enum Operation {
  /** The system call of the step's number with a to f; the result goes to the result slot. */
  CALL,
  /** The same, made again for as long as it fails with EINTR. */
  CALL_AGAIN,
  ADD,
  SUBTRACT,
  AND,
  OR,
  MULTIPLY,
  DIVIDE,
  REMAINDER,
  /** The byte at address a + b; likewise the wider loads, little-endian. */
  LOAD_1,
  LOAD_2,
  LOAD_4,
  LOAD_8,
  /** Stores the low byte of c at address a + b; likewise the wider stores. */
  STORE_1,
  STORE_4,
  STORE_8,
  /** Goes on at step c where a = b. */
  JUMP_EQUAL,
  /** Goes on at step c where a differs from b. */
  JUMP_NOT_EQUAL,
  /** Goes on at step c where a is less than b. */
  JUMP_LESS;

  /** Whether it is a system call. */
  public boolean isCall() {
    return this == CALL || this == CALL_AGAIN;
  }

  /** Whether c names a step to go on at. */
  public boolean isJump() {
    return this == JUMP_EQUAL || this == JUMP_NOT_EQUAL || this == JUMP_LESS;
  }
}
