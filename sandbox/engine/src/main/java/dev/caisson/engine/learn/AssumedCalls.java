package dev.caisson.engine.learn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls that a learned policy allows though they were not seen: one run cannot show them, and the
 * next one may make them.
 */
final class AssumedCalls {
  private static final List<String> ALWAYS = List.of();

  /** Why; the calls of which one must have been seen, none for always; what is allowed then. */
  private record Row(String why, List<String> seen, String calls) {}

  private static final List<Row> TABLE =
      List.of(
          new Row(
              "every program ends, and goes on after a signal: these are not watched",
              ALWAYS,
              "exit exit_group rt_sigreturn restart_syscall"),
          new Row("the launch reports by it that a program cannot be executed", ALWAYS, "write"),
          new Row(
              "C libraries read clocks without the kernel where the processor can",
              ALWAYS,
              "clock_getres clock_gettime getcpu gettimeofday time"),
          new Row(
              "how much memory is asked for, and how, depends on the input",
              List.of("brk", "mmap"),
              "brk mmap mremap munmap madvise"),
          new Row(
              "threads wait for each other only when they meet",
              List.of("futex", "set_robust_list"),
              "futex sched_yield"),
          new Row(
              "children are ended where they do not end by themselves in time",
              List.of("wait4", "waitid"),
              "kill wait4 waitid"));

  private AssumedCalls() {}

  /** Names of calls by the reason, those that are not among {@code made}. */
  static Map<String, List<String>> beside(Set<String> made) {
    Map<String, List<String>> assumed = new LinkedHashMap<>();
    for (Row row : TABLE) {
      List<String> calls = new ArrayList<>();
      for (String call : row.calls.split(" ", -1)) {
        if (!made.contains(call)) {
          calls.add(call);
        }
      }
      boolean applies = row.seen.isEmpty() || row.seen.stream().anyMatch(made::contains);
      if (applies && !calls.isEmpty()) {
        assumed.put(row.why, calls);
      }
    }
    return assumed;
  }
}
