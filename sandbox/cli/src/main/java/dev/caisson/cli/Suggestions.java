package dev.caisson.cli;

import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.List;

/** The words that a shell's completion offers for a value, besides files. */
final class Suggestions {
  private Suggestions() {}

  /** For the value of {@code flag}: what its parameter lists as a|b|c, or what comes along. */
  static List<String> of(Flag flag) {
    List<String> listed = flag.listed();
    if (!listed.isEmpty()) {
      return listed;
    }
    return switch (flag.name()) {
      case "--policy", "--ceiling" -> PolicyLoader.BUILT_IN;
      case "--profile" -> SeccompProfile.BUILT_IN;
      default -> List.of();
    };
  }

  /** For the first operand of the verb. */
  static List<String> ofOperand(String verb) {
    return switch (verb) {
      case "explain" -> List.of("run", "wrap");
      case "run", "compile", "verify" -> List.of("hello");
      case "policy check", "policy show", "policy diff", "policy test" -> PolicyLoader.BUILT_IN;
      case "policy import" -> PolicyImportVerb.FORMATS;
      case "policy export" -> PolicyExportVerb.FORMATS;
      case "seccomp compile", "seccomp compare", "seccomp disassemble" -> SeccompProfile.BUILT_IN;
      case "completion" -> CompletionVerb.SHELLS;
      default -> List.of();
    };
  }
}
