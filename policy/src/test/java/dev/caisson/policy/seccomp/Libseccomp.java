package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The peer: libseccomp, reached by a script of Python's. */
final class Libseccomp {
  private static final Path SCRIPT = Path.of("src/test/resources/seccomp/libseccomp.py");

  /**
   * What it made.
   *
   * @param unknown names that it does not know, whose rules it left out
   */
  record Compiled(BpfProgram program, Set<String> unknown) {}

  private Libseccomp() {}

  /** Skips a test where the peer is missing, but not in continuous integration. */
  static void require() {
    boolean present = "true".equals(System.getenv("CI"));
    for (String directory : List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")) {
      present |= Files.exists(Path.of(directory, "libseccomp.so.2"));
    }
    assumeTrue(present && Files.isExecutable(Path.of("/usr/bin/python3")), "no libseccomp");
  }

  /**
   * Compiles rules for the native ABI of {@code abi} alone, in their order.
   *
   * @param optimize 1 for a linear filter, 2 for a tree
   */
  static Compiled compile(
      Abi abi, SeccompAction defaultAction, List<SyscallRule> rules, int optimize) {
    StringBuilder input = new StringBuilder();
    input.append("arch ").append(Integer.toUnsignedString(abi.auditArch()));
    input.append("\ndefault ").append(unsigned(defaultAction));
    input.append("\noptimize ").append(optimize).append('\n');
    SyscallTable table = SyscallTable.of(abi);
    for (SyscallRule rule : rules) {
      if (table.number(rule.name()).isPresent()) {
        input.append("rule ").append(unsigned(rule.action())).append(' ').append(rule.name());
        for (ArgumentCheck check : rule.when()) {
          input
              .append(' ' + Integer.toString(check.argument()) + ' ' + check.comparison() + ' ')
              .append(Long.toUnsignedString(check.value()) + ' ')
              .append(Long.toUnsignedString(check.valueTwo()));
        }
        input.append('\n');
      }
    }
    return run(abi, input.toString());
  }

  private static String unsigned(SeccompAction action) {
    return Integer.toUnsignedString(action.returnValue());
  }

  private static Compiled run(Abi abi, String input) {
    try {
      Path unknown = Files.createTempFile("libseccomp", ".unknown");
      Process process =
          new ProcessBuilder("/usr/bin/python3", SCRIPT.toString())
              .redirectError(unknown.toFile())
              .start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().close();
      byte[] filter = process.getInputStream().readAllBytes();
      List<String> names = Files.readAllLines(unknown);
      Files.delete(unknown);
      assertEquals(0, process.waitFor(), names.toString());
      return new Compiled(BpfProgram.of(filter, abi.byteOrder()), new TreeSet<>(names));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
