package dev.caisson.policy.seccomp;

import dev.caisson.json.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The names of calls' arguments, on any ABI. */
public final class ArgumentNames {
  private ArgumentNames() {}

  /** What is wrong with {@code argument} as a name or index of an argument of {@code call}. */
  public static Optional<String> mistake(String call, String argument) {
    if (!argument.isEmpty() && argument.chars().allMatch(c -> c >= '0' && c <= '9')) {
      boolean inRange = argument.length() == 1 && argument.charAt(0) < '0' + SyscallTable.ARGUMENTS;
      return inRange
          ? Optional.empty()
          : Optional.of("the arguments of a call are 0 to 5, found " + argument);
    }
    List<String> names = new ArrayList<>();
    for (Abi abi : Abi.values()) {
      SyscallTable table = SyscallTable.of(abi);
      OptionalInt number = table.number(call);
      if (number.isPresent()) {
        if (table.argument(number.getAsInt(), argument).isPresent()) {
          return Optional.empty();
        }
        for (SyscallTable.Argument known : table.arguments(number.getAsInt())) {
          if (!names.contains(known.name())) {
            names.add(known.name());
          }
        }
      }
    }
    String hint = Nearest.hint(argument, names);
    return Optional.of(
        call
            + " has no argument "
            + dev.caisson.Printable.of(argument)
            + (hint.isEmpty() ? "; it has " + String.join(", ", names) : hint));
  }
}
