package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Calls that make other calls, whose arguments lie in memory. */
final class Multiplexers {
  private Multiplexers() {}

  /** The multiplexers of an ABI that would get around a rule on a call that they make. */
  static List<Integer> restricted(SyscallTable table, List<List<SyscallRule>> layers) {
    List<Integer> restricted = new ArrayList<>();
    if (table.number("socketcall").isEmpty() && table.number("ipc").isEmpty()) {
      return restricted;
    }
    TableLines lines = TableLines.of("multiplexed.tsv");
    while (lines.next()) {
      OptionalInt multiplexer = table.number(lines.text(0));
      if (multiplexer.isPresent() && restrictsOneOf(lines.text(1), layers)) {
        restricted.add(multiplexer.getAsInt());
      }
    }
    return restricted;
  }

  private static boolean restrictsOneOf(String calls, List<List<SyscallRule>> layers) {
    for (String call : calls.split(" ", -1)) {
      if (restricts(call, layers)) {
        return true;
      }
    }
    return false;
  }

  private static boolean restricts(String call, List<List<SyscallRule>> layers) {
    for (int i = layers.size() - 1; i >= 0; i--) {
      boolean executes = false;
      for (SyscallRule rule : layers.get(i)) {
        if (rule.name().equals(call)) {
          if (!rule.when().isEmpty() || !rule.action().executes()) {
            return true;
          }
          executes = true;
        }
      }
      if (executes) {
        return false;
      }
    }
    return false;
  }
}
