package dev.caisson.engine.emulate;

import dev.caisson.launch.InheritedNumber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The credentials that processes of a sandbox took. A process carries the number of its own, and
 * passes it on by fork and execve as the kernel does with real ones, so that no process is
 * followed.
 */
final class CredentialTable {
  /** Groups of all entries together; a program that wants more is told that memory is short. */
  private static final int MOST_GROUPS = 1 << 18;

  private static final int MOST = 1 << 14;

  private final List<Credentials> taken = new ArrayList<>();
  private final Map<Credentials, Integer> numbers = new HashMap<>();
  private int groups;

  /** All processes start as {@code first}. */
  CredentialTable(Credentials first) {
    taken.add(first);
    numbers.put(first, 0);
  }

  Credentials of(int thread) {
    OptionalInt number = InheritedNumber.of(thread);
    return taken.get(
        number.isPresent() && number.getAsInt() < taken.size() ? number.getAsInt() : 0);
  }

  /** Gives {@code next} to the process of {@code thread}; false where there is no room. */
  boolean give(int thread, Credentials next) {
    Integer known = numbers.get(next);
    if (known == null) {
      if (taken.size() == MOST || groups + next.groups().size() > MOST_GROUPS) {
        return false;
      }
      groups += next.groups().size();
      known = taken.size();
      numbers.put(next, known);
      taken.add(next);
    }
    return InheritedNumber.leave(thread, known);
  }
}
