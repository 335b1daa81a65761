package dev.caisson.policy.seccomp;

import dev.caisson.Printable;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The words that profiles are written with; one that is not known is a problem. */
final class ProfileWords {
  static final List<String> FLAGS =
      List.of(
          "SECCOMP_FILTER_FLAG_TSYNC",
          "SECCOMP_FILTER_FLAG_LOG",
          "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
          "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
  static final List<String> ABIS =
      List.of(
          "SCMP_ARCH_X86_64",
          "SCMP_ARCH_AARCH64",
          "SCMP_ARCH_X86",
          "SCMP_ARCH_X32",
          "SCMP_ARCH_ARM",
          "SCMP_ARCH_MIPS",
          "SCMP_ARCH_MIPS64",
          "SCMP_ARCH_MIPS64N32",
          "SCMP_ARCH_MIPSEL",
          "SCMP_ARCH_MIPSEL64",
          "SCMP_ARCH_MIPSEL64N32",
          "SCMP_ARCH_PPC",
          "SCMP_ARCH_PPC64",
          "SCMP_ARCH_PPC64LE",
          "SCMP_ARCH_S390",
          "SCMP_ARCH_S390X",
          "SCMP_ARCH_PARISC",
          "SCMP_ARCH_PARISC64",
          "SCMP_ARCH_RISCV64",
          "SCMP_ARCH_LOONGARCH64",
          "SCMP_ARCH_M68K",
          "SCMP_ARCH_SH",
          "SCMP_ARCH_SHEB");
  static final List<String> ARCHES =
      List.of(
          "amd64",
          "arm64",
          "x32",
          "x86",
          "386",
          "arm",
          "ppc",
          "ppc64",
          "ppc64le",
          "s390",
          "s390x",
          "riscv64",
          "loong64",
          "loongarch64",
          "mips",
          "mips64",
          "mips64n32",
          "mipsel",
          "mipsel64",
          "mipsel64n32",
          "mipsle",
          "mips64le");
  static final List<String> ACTIONS =
      List.of(
          "SCMP_ACT_ALLOW",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_KILL",
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_LOG",
          "SCMP_ACT_NOTIFY",
          "SCMP_ACT_TRACE",
          "SCMP_ACT_TRAP");

  private final List<JsonProblem> problems;

  ProfileWords(List<JsonProblem> problems) {
    this.problems = problems;
  }

  void flag(JsonString written, String path) {
    oneOf(written, path, "a filter flag", FLAGS);
  }

  void abi(JsonString written, String path) {
    oneOf(written, path, "an architecture", ABIS);
  }

  void arch(JsonString written, String path) {
    oneOf(written, path, "an architecture", ARCHES);
  }

  Optional<Comparison> comparison(JsonString written, String path) {
    Optional<Comparison> known = Comparison.named(written.value());
    if (known.isEmpty()) {
      List<String> valid = new ArrayList<>();
      for (Comparison comparison : Comparison.values()) {
        valid.add(comparison.profileName());
      }
      unknown(written, path, "a comparison", valid);
    }
    return known;
  }

  Optional<Capability> capability(JsonString written, String path) {
    Optional<Capability> known = Capability.named(written.value());
    if (known.isEmpty()) {
      List<String> valid = new ArrayList<>();
      for (Capability capability : Capability.values()) {
        valid.add(capability.fullName());
      }
      unknown(written, path, "a capability", valid);
    }
    return known;
  }

  /**
   * @param data the errno, or the tracer's message
   */
  Optional<SeccompAction> action(JsonString written, String path, int data) {
    return switch (written.value()) {
      case "SCMP_ACT_ALLOW" -> Optional.of(new SeccompAction.Allow());
      case "SCMP_ACT_ERRNO" -> Optional.of(new SeccompAction.Errno(data));
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> Optional.of(new SeccompAction.KillThread());
      case "SCMP_ACT_KILL_PROCESS" -> Optional.of(new SeccompAction.KillProcess());
      case "SCMP_ACT_LOG" -> Optional.of(new SeccompAction.Log());
      case "SCMP_ACT_NOTIFY" -> Optional.of(new SeccompAction.Notify());
      case "SCMP_ACT_TRACE" -> Optional.of(new SeccompAction.Trace(data));
      case "SCMP_ACT_TRAP" -> Optional.of(new SeccompAction.Trap());
      default -> {
        unknown(written, path, "an action", ACTIONS);
        yield Optional.empty();
      }
    };
  }

  /** A release such as 5.12. */
  Optional<KernelVersion> kernel(JsonString written, String path) {
    String text = written.value();
    int dot = text.indexOf('.');
    if (dot > 0 && dot < 4 && text.length() - dot <= 5 && text.indexOf('+') < 0) {
      try {
        return Optional.of(
            new KernelVersion(
                Integer.parseUnsignedInt(text.substring(0, dot)),
                Integer.parseUnsignedInt(text.substring(dot + 1))));
      } catch (NumberFormatException notDigits) {
        // said below
      }
    }
    problems.add(
        new JsonProblem(written.position(), path, "expected a kernel release such as \"5.12\""));
    return Optional.empty();
  }

  private void oneOf(JsonString written, String path, String what, List<String> valid) {
    if (!valid.contains(written.value())) {
      unknown(written, path, what, valid);
    }
  }

  private void unknown(JsonString written, String path, String what, List<String> valid) {
    String found = Printable.of(written.value());
    String hint = Nearest.hint(written.value(), valid);
    problems.add(
        new JsonProblem(written.position(), path, "expected " + what + ", found " + found + hint));
  }
}
