package dev.caisson.policy.seccomp;

import java.util.Arrays;
import java.util.List;

/** A filter as text, one instruction a line, with the names of calls and actions. */
public final class SeccompDisassembler {
  private static final int UNKNOWN = -1;
  private static final int CONFLICT = -2;

  private SeccompDisassembler() {}

  /** The text of {@code program}, the numbers it compares named as {@code abi}'s calls. */
  public static String text(BpfProgram program, Abi abi) {
    List<SockFilter> instructions = program.instructions();
    int[] loaded = loadedWords(instructions);
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < instructions.size(); at++) {
      out.append(String.format("%4d  ", at))
          .append(line(instructions.get(at), at, loaded[at], abi))
          .append('\n');
    }
    return out.toString();
  }

  private static String line(SockFilter i, int at, int loaded, Abi abi) {
    int k = i.k();
    return switch (i.code()) {
      case Bpf.LD -> "load " + word(k, abi);
      case Bpf.AND -> "and " + hex(k);
      case Bpf.JA -> "goto " + (at + 1 + Integer.toUnsignedLong(k));
      case Bpf.JEQ -> jump("==", i, at, loaded, abi);
      case Bpf.JGT -> jump(">", i, at, loaded, abi);
      case Bpf.JGE -> jump(">=", i, at, loaded, abi);
      case Bpf.JSET -> jump("&", i, at, loaded, abi);
      case Bpf.RET -> "return " + SeccompAction.ofReturnValue(k);
      default -> "operation " + hex(i.code()) + " " + hex(k);
    };
  }

  private static String jump(String comparison, SockFilter i, int at, int loaded, Abi abi) {
    String ways = " goto " + (at + 1 + i.jt()) + " else " + (at + 1 + i.jf());
    return "if " + comparison + " " + constant(i.k(), loaded, abi) + ways;
  }

  private static String constant(int k, int loaded, Abi abi) {
    if (loaded == Bpf.NUMBER) {
      String name = SyscallTable.of(abi).name(k).map(n -> " (" + n + ")").orElse("");
      return (k >= 0 && k < 10000 ? Integer.toString(k) : hex(k)) + name;
    }
    if (loaded == Bpf.ARCH) {
      for (Abi a : Abi.values()) {
        if (a.auditArch() == k) {
          return hex(k) + " (" + a.kernelName() + ")";
        }
      }
    }
    return hex(k);
  }

  private static String word(int offset, Abi abi) {
    if (offset == Bpf.NUMBER) {
      return "number";
    }
    if (offset == Bpf.ARCH) {
      return "arch";
    }
    if (offset == Bpf.POINTER_HIGH && Bpf.isLittleEndian(abi.auditArch())) {
      return "instruction pointer high";
    }
    int inArguments = offset - Bpf.ARGUMENTS;
    return inArguments < 0
        ? "byte " + offset
        : "argument " + inArguments / 8 + (offset == abi.low(inArguments / 8) ? " low" : " high");
  }

  /** The offset last loaded where each instruction starts, if every way there agrees. */
  private static int[] loadedWords(List<SockFilter> instructions) {
    int[] loaded = new int[instructions.size() + 1];
    Arrays.fill(loaded, UNKNOWN);
    for (int at = 0; at < instructions.size(); at++) {
      SockFilter i = instructions.get(at);
      int after = i.code() == Bpf.LD ? i.k() : loaded[at];
      switch (i.code()) {
        case Bpf.RET -> {}
        case Bpf.JEQ, Bpf.JGT, Bpf.JGE, Bpf.JSET -> {
          meet(loaded, at + 1L + i.jt(), after);
          meet(loaded, at + 1L + i.jf(), after);
        }
        case Bpf.JA -> meet(loaded, at + 1 + Integer.toUnsignedLong(i.k()), after);
        default -> meet(loaded, at + 1L, after);
      }
    }
    return loaded;
  }

  private static void meet(int[] loaded, long at, int word) {
    if (at < loaded.length) {
      int before = loaded[(int) at];
      loaded[(int) at] = before == UNKNOWN || before == word ? word : CONFLICT;
    }
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
