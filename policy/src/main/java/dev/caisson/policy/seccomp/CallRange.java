package dev.caisson.policy.seccomp;

import java.util.List;

/**
 * Numbers, unsigned and both ends included, of which the rules say the same.
 *
 * @param assigned whether it is the number of a call, a single one then
 * @param clauses the deciding one first
 * @param otherwise what a call gets where no clause holds
 * @param widths the low bytes of each argument that are looked at; none where no clause is
 */
record CallRange(
    Abi abi,
    long first,
    long last,
    boolean assigned,
    List<Clause> clauses,
    SeccompAction otherwise,
    List<Integer> widths) {
  CallRange {
    clauses = List.copyOf(clauses);
    widths = List.copyOf(widths);
  }

  static CallRange unassigned(Abi abi, long first, long last, SeccompAction action) {
    return new CallRange(abi, first, last, false, List.of(), action, List.of());
  }

  /** The part from {@code from} to {@code to}; empty where that is empty. */
  CallRange between(long from, long to) {
    return new CallRange(
        abi, Math.max(first, from), Math.min(last, to), assigned, clauses, otherwise, widths);
  }

  boolean isEmpty() {
    return first > last;
  }
}
