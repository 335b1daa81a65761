package dev.caisson.cli;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.FilterComparison;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.SeccompCompiler;
import java.util.Optional;

/** An operand that is a profile or a file of raw BPF, as seccomp(2) takes it. */
record FilterOperand(Optional<FilterRules> rules, Optional<BpfProgram> raw) {
  private static final int LONGEST = 16 << 20;

  static FilterOperand of(UnixPath name, SeccompFlags flags) {
    String text = name.toString();
    if (text.indexOf('/') < 0 && text.indexOf('.') < 0) {
      return ofRules(flags.named(name).rules());
    }
    byte[] content = HostFiles.content(name, LONGEST);
    if (!isRaw(content)) {
      return ofRules(flags.named(name, content).rules());
    }
    try {
      return new FilterOperand(
          Optional.empty(),
          Optional.of(BpfProgram.of(content, flags.target().nativeAbi().byteOrder())));
    } catch (IllegalArgumentException noProgram) {
      throw new FileRefusal(
          "read the filter " + name,
          "it is no array of 1 to " + BpfProgram.MAX_INSTRUCTIONS + " instructions of 8 bytes",
          "Name a file that seccomp compile or a program like it wrote");
    }
  }

  private static FilterOperand ofRules(FilterRules rules) {
    return new FilterOperand(Optional.of(rules), Optional.empty());
  }

  /**
   * The operation of an instruction is below 256, so that one of its two bytes is 0; JSON's are
   * not.
   */
  private static boolean isRaw(byte[] content) {
    return content.length >= 2 && (content[0] == 0 || content[1] == 0);
  }

  FilterComparison.Side side() {
    return raw.map(FilterComparison.Side::of)
        .orElseGet(() -> FilterComparison.Side.of(rules.orElseThrow()));
  }

  /**
   * The program.
   *
   * @throws Refusal where the rules need too long a one
   */
  BpfProgram program() {
    return raw.orElseGet(() -> SeccompCompiler.compile(rules.orElseThrow()));
  }
}
