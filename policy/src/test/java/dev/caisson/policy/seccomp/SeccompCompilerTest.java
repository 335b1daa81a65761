package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeccompCompilerTest {
  private static final SeccompAction ALLOW = new SeccompAction.Allow();

  private static SeccompRules with(List<SyscallRule> layer) {
    return SeccompProfile.read(Profiles.parse("{\"defaultAction\":\"SCMP_ACT_ERRNO\"}"))
        .resolve(Architecture.X86_64, new KernelVersion(6, 1), Set.of())
        .with(layer);
  }

  private static void agree(SeccompRules rules, BpfProgram program, int number, long... arguments) {
    assertEquals(
        rules.decide(number, arguments),
        BpfSimulator.run(program, Architecture.X86_64, number, arguments).action());
  }

  @Test
  void longFiltersReachEveryTarget() {
    // many different decisions: far more than the 255 instructions that a conditional jump spans
    List<SyscallRule> layer = new ArrayList<>();
    SyscallTable table = SyscallTable.of(Architecture.X86_64);
    for (int number = 0; number < 350; number++) {
      for (int i = 0; table.has(number) && i < 3; i++) {
        layer.add(
            new SyscallRule(
                table.name(number).orElseThrow(),
                i == 0 ? new SeccompAction.Trace(number) : ALLOW,
                List.of(ArgumentCheck.of(i, Comparison.EQ, 1000L + number))));
      }
    }
    SeccompRules rules = with(layer);
    BpfProgram program = SeccompCompiler.compile(rules);
    assertTrue(program.instructions().size() > 1000);
    for (int number = 0; number < 400; number++) {
      agree(rules, program, number, 0, 0, 0);
      agree(rules, program, number, 1000L + number, 0, 0);
      agree(rules, program, number, 1000L + number, 1000L + number, 0);
      agree(rules, program, number, 0, 0, 1000L + number);
    }
  }

  @Test
  void tooManyInstructionsAreRefusedNotCut() {
    List<SyscallRule> layer = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      layer.add(
          new SyscallRule(
              "ioctl",
              i % 2 == 0 ? ALLOW : new SeccompAction.Log(),
              List.of(ArgumentCheck.of(1, Comparison.EQ, i * 3L))));
    }
    SeccompRefusal refusal =
        assertThrows(SeccompRefusal.class, () -> SeccompCompiler.compile(with(layer)));
    assertTrue(refusal.why().contains("at most 4096"), refusal.why());
  }

  @Test
  void rulesWhoseDiagramExplodesStayLinear() {
    // bit i of one argument and bit i of another: a decision diagram doubles with each rule
    List<SyscallRule> layer = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      layer.add(
          new SyscallRule(
              "prctl",
              ALLOW,
              List.of(
                  ArgumentCheck.masked(1, 1L << i, 1L << i),
                  ArgumentCheck.masked(2, 1L << i, 1L << i))));
    }
    SeccompRules rules = with(layer);
    BpfProgram program = SeccompCompiler.compile(rules);
    assertTrue(program.instructions().size() < 150, program.instructions().size() + "");
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      agree(rules, program, 157, 0, random.nextLong(), 1L << random.nextInt(40));
    }
  }

  @Test
  void anIntIsComparedOnItsLowWordAndALongOnBoth() {
    SeccompRules rules =
        with(
            List.of(
                new SyscallRule("socket", ALLOW, List.of(ArgumentCheck.of(0, Comparison.EQ, 2))),
                new SyscallRule("lseek", ALLOW, List.of(ArgumentCheck.of(1, Comparison.EQ, 2))),
                new SyscallRule("fchmod", ALLOW, List.of(ArgumentCheck.of(1, Comparison.EQ, 0755))),
                new SyscallRule(
                    "personality", ALLOW, List.of(ArgumentCheck.of(0, Comparison.EQ, -1)))));
    BpfProgram program = SeccompCompiler.compile(rules);
    assertEquals(ALLOW, BpfSimulator.run(program, Architecture.X86_64, 41, 2).action());
    assertEquals(ALLOW, BpfSimulator.run(program, Architecture.X86_64, 41, 7L << 32 | 2).action());
    assertEquals(ALLOW, BpfSimulator.run(program, Architecture.X86_64, 8, 0, 2).action());
    assertEquals(
        new SeccompAction.Errno(1),
        BpfSimulator.run(program, Architecture.X86_64, 8, 0, 7L << 32 | 2).action());
    assertEquals(
        ALLOW, BpfSimulator.run(program, Architecture.X86_64, 91, 0, 0x30000L | 0755).action());
    assertEquals(ALLOW, BpfSimulator.run(program, Architecture.X86_64, 135, 0xffffffffL).action());
  }

  @Test
  void onlyOperationsThatTheKernelsCacheUnderstands() {
    Set<Integer> operations = Set.of(0x20, 0x05, 0x15, 0x25, 0x35, 0x45, 0x54, 0x06);
    for (String name : SeccompProfile.BUILT_IN) {
      BpfProgram program =
          SeccompCompiler.compile(
              SeccompProfile.builtIn(name)
                  .resolve(Architecture.X86_64, new KernelVersion(6, 1), Set.of()));
      for (SockFilter instruction : program.instructions()) {
        assertTrue(operations.contains(instruction.code()), instruction + "");
      }
    }
  }

  @Test
  void theSameRulesGiveTheSameBytes() {
    SeccompProfile profile = SeccompProfile.builtIn("default");
    KernelVersion kernel = new KernelVersion(6, 1);
    byte[] once =
        SeccompCompiler.compile(profile.resolve(Architecture.AARCH64, kernel, Set.of())).toBytes();
    byte[] again =
        SeccompCompiler.compile(profile.resolve(Architecture.AARCH64, kernel, Set.of())).toBytes();
    org.junit.jupiter.api.Assertions.assertArrayEquals(once, again);
  }

  @Test
  void theDisassemblyNamesCallsWordsAndActions() {
    String text =
        SeccompDisassembler.text(
            SeccompCompiler.compile(
                with(
                    List.of(
                        new SyscallRule(
                            "socket", ALLOW, List.of(ArgumentCheck.of(0, Comparison.EQ, 2)))))),
            Abi.X86_64);
    assertTrue(text.contains("if == 0xc000003e (x86_64) goto 2 else"), text);
    assertTrue(text.contains("if == 41 (socket) goto"), text);
    assertTrue(text.contains("load argument 0 low"), text);
    assertTrue(text.contains("return errno EPERM"), text);
    assertTrue(text.contains("return kill the process"), text);
  }
}
