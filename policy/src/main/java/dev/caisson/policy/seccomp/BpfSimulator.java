package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;

/** Runs a filter as the kernel does, over one call. */
public final class BpfSimulator {
  /**
   * What a filter said.
   *
   * @param returnValue as the filter returned it
   * @param executed how many instructions it ran
   */
  public record Outcome(int returnValue, int executed) {
    /** What the kernel does then. */
    public SeccompAction action() {
      return SeccompAction.ofReturnValue(returnValue);
    }
  }

  private BpfSimulator() {}

  /**
   * Runs {@code program} over a call of {@code architecture}'s own ABI.
   *
   * @param arguments up to six; those left out are 0
   */
  public static Outcome run(
      BpfProgram program, Architecture architecture, int number, long... arguments) {
    return run(program, architecture.auditArch(), number, arguments);
  }

  /**
   * Runs {@code program}.
   *
   * @param auditArch the AUDIT_ARCH constant of the call's ABI
   * @throws IllegalArgumentException for an instruction that Caisson's filters do not use, a load
   *     outside seccomp_data, or a jump past the end
   */
  public static Outcome run(BpfProgram program, int auditArch, int number, long... arguments) {
    int[] data = new int[Bpf.DATA_SIZE / 4];
    data[Bpf.NUMBER / 4] = number;
    data[Bpf.ARCH / 4] = auditArch;
    int low = Bpf.isLittleEndian(auditArch) ? 0 : 1;
    for (int i = 0; i < arguments.length; i++) {
      int word = Bpf.ARGUMENTS / 4 + 2 * i;
      data[word + low] = (int) arguments[i];
      data[word + 1 - low] = (int) (arguments[i] >>> 32);
    }
    return run(program, data);
  }

  /**
   * Runs {@code program}.
   *
   * @param data the sixteen words of struct seccomp_data
   */
  static Outcome run(BpfProgram program, int[] data) {
    int accumulator = 0;
    int executed = 0;
    int at = 0;
    while (at < program.instructions().size()) {
      SockFilter instruction = program.instructions().get(at++);
      int k = instruction.k();
      executed++;
      switch (instruction.code()) {
        case Bpf.LD -> {
          if (k < 0 || k >= Bpf.DATA_SIZE || k % 4 != 0) {
            throw new IllegalArgumentException("load of byte " + k);
          }
          accumulator = data[k / 4];
        }
        case Bpf.AND -> accumulator &= k;
        case Bpf.JA -> at = k < 0 ? Integer.MAX_VALUE : Math.addExact(at, k);
        case Bpf.JEQ -> at += accumulator == k ? instruction.jt() : instruction.jf();
        case Bpf.JGT ->
            at += Integer.compareUnsigned(accumulator, k) > 0 ? instruction.jt() : instruction.jf();
        case Bpf.JGE ->
            at +=
                Integer.compareUnsigned(accumulator, k) >= 0 ? instruction.jt() : instruction.jf();
        case Bpf.JSET -> at += (accumulator & k) != 0 ? instruction.jt() : instruction.jf();
        case Bpf.RET -> {
          return new Outcome(k, executed);
        }
        default ->
            throw new IllegalArgumentException(
                "operation 0x" + Integer.toHexString(instruction.code()));
      }
    }
    throw new IllegalArgumentException("a jump past the end");
  }
}
