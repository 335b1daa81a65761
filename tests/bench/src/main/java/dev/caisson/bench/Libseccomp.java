package dev.caisson.bench;

import dev.caisson.policy.seccomp.ArgumentCheck;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.SeccompProfile;
import dev.caisson.policy.seccomp.SyscallRule;
import dev.caisson.policy.seccomp.SyscallTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The peer: libseccomp, reached by the script of the tests. */
final class Libseccomp {
  private Libseccomp() {}

  /**
   * Compiles a profile for its native ABI, as runc adds its rules.
   *
   * @param optimize 1 for a linear filter, 2 for a tree
   */
  static BpfProgram compile(Path script, SeccompProfile profile, FilterTarget target, int optimize)
      throws IOException {
    StringBuilder input = new StringBuilder();
    input.append("arch ").append(Integer.toUnsignedString(target.nativeAbi().auditArch()));
    input.append("\ndefault ");
    input.append(Integer.toUnsignedString(profile.defaultAction().returnValue()));
    input.append("\noptimize ").append(optimize).append('\n');
    for (SyscallRule rule : profile.rules(target)) {
      if (SyscallTable.of(target.nativeAbi()).number(rule.name()).isPresent()) {
        input.append(line(rule));
      }
    }
    Process process =
        new ProcessBuilder("python3", script.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().write(input.toString().getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().close();
    byte[] filter = process.getInputStream().readAllBytes();
    return BpfProgram.of(filter, target.nativeAbi().byteOrder());
  }

  private static String line(SyscallRule rule) {
    StringBuilder line = new StringBuilder("rule ");
    line.append(Integer.toUnsignedString(rule.action().returnValue())).append(' ');
    line.append(rule.name());
    for (ArgumentCheck check : rule.when()) {
      line.append(' ').append(check.argument()).append(' ').append(check.comparison());
      line.append(' ').append(Long.toUnsignedString(check.value()));
      line.append(' ').append(Long.toUnsignedString(check.valueTwo()));
    }
    return line.append('\n').toString();
  }
}
