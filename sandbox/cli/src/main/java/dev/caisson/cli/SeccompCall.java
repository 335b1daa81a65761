package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.SyscallTable;
import java.math.BigInteger;
import java.util.List;

/** A call as it is typed: a name or a number, and arguments. */
record SeccompCall(int number, long[] arguments) {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

  static SeccompCall of(Syntax syntax, List<UnixPath> operands, Abi abi) {
    if (operands.isEmpty()) {
      throw UsageRefusal.of(syntax, "a system call is missing", "");
    }
    if (operands.size() > 1 + SyscallTable.ARGUMENTS) {
      throw UsageRefusal.of(syntax, "a call has at most six arguments", "");
    }
    long[] arguments = new long[operands.size() - 1];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = number(syntax, operands.get(i + 1).toString());
    }
    return new SeccompCall(call(syntax, operands.get(0).toString(), abi), arguments);
  }

  private static int call(Syntax syntax, String word, Abi abi) {
    SyscallTable table = SyscallTable.of(abi);
    if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
      return (int) number(syntax, word);
    }
    return table
        .number(word)
        .orElseThrow(
            () ->
                UsageRefusal.of(
                    syntax,
                    abi.kernelName()
                        + " has no system call "
                        + (word.isEmpty() ? "of an empty name" : word),
                    Spelling.hint(word, List.copyOf(table.names()))));
  }

  private static long number(Syntax syntax, String word) {
    try {
      boolean negative = word.startsWith("-");
      String digits = negative ? word.substring(1) : word;
      BigInteger value =
          digits.startsWith("0x")
              ? new BigInteger(digits.substring(2), 16)
              : new BigInteger(digits, digits.startsWith("0") && digits.length() > 1 ? 8 : 10);
      if (value.signum() >= 0 && value.compareTo(WORD) < 0) {
        return (negative ? value.negate() : value).longValue();
      }
    } catch (NumberFormatException noNumber) {
      // said below
    }
    throw UsageRefusal.of(
        syntax, word + " is no number of 64 bits", "Write it as 10, 0xa, 012 or -10");
  }
}
