package dev.caisson.policy.seccomp;

import java.util.List;

/**
 * A call, as struct seccomp_data carries it: the witness of a difference.
 *
 * @param arguments six
 */
public record CallExample(int auditArch, int number, List<Long> arguments) {
  public CallExample {
    arguments = List.copyOf(arguments);
  }

  /** The call whose sixteen words are {@code data}. */
  static CallExample of(int[] data) {
    int arch = data[Bpf.ARCH / 4];
    Long[] arguments = new Long[SyscallTable.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      int word = Bpf.ARGUMENTS / 4 + 2 * i;
      boolean little = Bpf.isLittleEndian(arch);
      long low = Integer.toUnsignedLong(data[little ? word : word + 1]);
      long high = Integer.toUnsignedLong(data[little ? word + 1 : word]);
      arguments[i] = high << 32 | low;
    }
    return new CallExample(arch, data[Bpf.NUMBER / 4], List.of(arguments));
  }

  /** {@code socket(0x2, 0x3, 0)} with the arguments up to the last that is not 0. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(name()).append('(');
    int last = SyscallTable.ARGUMENTS - 1;
    while (last > 0 && arguments.get(last) == 0) {
      last--;
    }
    for (int i = 0; i <= last; i++) {
      long argument = arguments.get(i);
      out.append(i == 0 ? "" : ", ")
          .append(argument == 0 ? "0" : "0x" + Long.toHexString(argument));
    }
    return out.append(')').toString();
  }

  private String name() {
    for (Abi abi : Abi.values()) {
      SyscallTable table = SyscallTable.of(abi);
      if (abi.auditArch() == auditArch && table.has(number)) {
        return table.name(number).orElseThrow();
      }
    }
    return "call " + Integer.toUnsignedString(number);
  }
}
