package dev.caisson.engine;

import dev.caisson.Printable;
import dev.caisson.launch.CallerProcess;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A call that a policy's rule wants to be told ({@code "then": "notify"}), before it is made.
 *
 * @param process that makes it, by its number outside
 * @param call its name
 * @param arguments each with its name; of a path also its text as it stood then, which a program
 *     can have changed by the time that the kernel reads it
 */
public record ReportedCall(int process, String call, List<String> arguments) {
  /** The names of arguments that are paths, as the kernel's sources have them. */
  private static final Set<String> PATHS =
      Set.of(
          "filename",
          "pathname",
          "path",
          "oldname",
          "newname",
          "dir_name",
          "dev_name",
          "old",
          "new");

  public ReportedCall {
    arguments = List.copyOf(arguments);
  }

  static ReportedCall of(NotifiedCall call, SyscallTable table) {
    List<String> arguments = new ArrayList<>();
    List<SyscallTable.Argument> known = table.arguments(call.number());
    for (int i = 0; i < known.size(); i++) {
      arguments.add(known.get(i).name() + "=" + value(call, i, known.get(i)));
    }
    int process = CallerProcess.of(call).map(CallerProcess::process).orElse(call.thread());
    String name = table.name(call.number()).orElse("call " + call.number());
    return new ReportedCall(process, name, arguments);
  }

  private static String value(NotifiedCall call, int index, SyscallTable.Argument argument) {
    long value = call.argument(index);
    if (argument.width() < 8) {
      return Integer.toString((int) value);
    }
    if (PATHS.contains(argument.name())) {
      return call.text(value)
          .map(text -> "\"" + Printable.of(text) + "\"")
          .orElse("0x" + Long.toHexString(value));
    }
    return value == (int) value ? Long.toString(value) : "0x" + Long.toHexString(value);
  }

  /** As a line says it: {@code process 7 calls openat(dfd=-100, filename="/etc/passwd", ...)}. */
  @Override
  public String toString() {
    return "process " + process + " calls " + call + "(" + String.join(", ", arguments) + ")";
  }
}
