package dev.caisson.policy;

/**
 * Landlock rules (landlock(7)).
 *
 * @param on whether there are any
 * @param atLeast the ABI that the kernel must have, 1 or more; 0 where they are off
 */
public record Landlock(boolean on, int atLeast) {
  /** No rules. */
  public static final Landlock OFF = new Landlock(false, 0);

  /** Whatever the kernel has. */
  public static final Landlock ON = new Landlock(true, 1);
}
