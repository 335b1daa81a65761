package dev.caisson.launch;

import java.util.Set;

/**
 * Calls of the payload that wait for a supervisor: the process that spawned the sandbox, which
 * answers each of them through the listener of a second kind of filter (seccomp_unotify(2)). It
 * stays for as long as the sandbox runs; where it ends, the sandbox is killed, and a call that
 * would still ask it fails with ENOSYS.
 */
public sealed interface Notification {
  /**
   * These calls, and those that have a flag, by their number in the host's own ABI. The policy's
   * filter is loaded too, and what it refuses is refused before anyone is asked.
   *
   * @param decided names of calls among them that the supervisor decides in place of that filter
   */
  record Calls(Set<Integer> numbers, Set<Flagged> flagged, Set<String> decided)
      implements Notification {
    public Calls {
      numbers = Set.copyOf(numbers);
      flagged = Set.copyOf(flagged);
      decided = Set.copyOf(decided);
    }

    public Calls(Set<Integer> numbers) {
      this(numbers, Set.of(), Set.of());
    }
  }

  /**
   * A call that is asked about only where one of the bits {@code flags} is set in the low 32 of the
   * argument.
   */
  record Flagged(int number, int argument, int flags) {}

  /**
   * Every call, so that what is refused is seen too. The policy's filter is not loaded: {@link
   * RunningSandbox#observe} answers as it would, from the registers that the kernel copied, which
   * no other thread can change. Only what ends or resumes the calling thread itself never waits.
   */
  record EveryCall() implements Notification {}
}
