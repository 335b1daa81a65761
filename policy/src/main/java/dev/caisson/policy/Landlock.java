package dev.caisson.policy;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Landlock rules (landlock(7)).
 *
 * @param on whether there are any
 * @param atLeast the ABI that the kernel must have, 1 or more; 0 where they are off
 * @param connect the only TCP ports that may be connected to, on any address; empty for all
 * @param bind the only TCP ports that may be bound; empty for all
 * @param log whether the kernel's audit log names what the rules refuse
 */
public record Landlock(
    boolean on,
    int atLeast,
    Optional<Set<Integer>> connect,
    Optional<Set<Integer>> bind,
    boolean log) {
  /** No rules. */
  public static final Landlock OFF =
      new Landlock(false, 0, Optional.empty(), Optional.empty(), false);

  /** Whatever the kernel has. */
  public static final Landlock ON =
      new Landlock(true, 1, Optional.empty(), Optional.empty(), false);

  /** Linux 6.7. */
  private static final int TCP = 4;

  /** Linux 6.15. */
  private static final int LOG = 7;

  public Landlock {
    connect = connect.map(ports -> Collections.unmodifiableSet(new TreeSet<>(ports)));
    bind = bind.map(ports -> Collections.unmodifiableSet(new TreeSet<>(ports)));
    int needed = log ? LOG : connect.isPresent() || bind.isPresent() ? TCP : 0;
    atLeast = Math.max(atLeast, needed);
  }
}
