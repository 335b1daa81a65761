package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonDocument;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Oracle, rules and filter agree on whole profiles. */
class CompiledProfilesTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);

  static Stream<Arguments> profiles() {
    List<Arguments> all = new ArrayList<>();
    for (String name :
        List.of(
            "default",
            "strict",
            "developer",
            "moby-default",
            "containers-common",
            "strict-allowlist",
            "arg-heavy")) {
      for (Architecture architecture : Architecture.values()) {
        all.add(Arguments.of(name, architecture, Set.of()));
        all.add(Arguments.of(name, architecture, Set.of(Capability.SYS_ADMIN)));
        all.add(
            Arguments.of(
                name, architecture, Set.of(Capability.SYS_PTRACE, Capability.AUDIT_WRITE)));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void everyNumberAgrees(String name, Architecture architecture, Set<Capability> capabilities) {
    JsonDocument document = Profiles.document(name);
    SeccompProfile profile = SeccompProfile.read(document);
    SeccompRules rules = profile.resolve(architecture, KERNEL, capabilities);
    BpfProgram program = SeccompCompiler.compile(rules);
    ReferenceEvaluator oracle =
        new ReferenceEvaluator(
            document,
            architecture.kernelName(),
            KERNEL.major(),
            KERNEL.minor(),
            capabilities.stream().map(Capability::fullName).collect(Collectors.toSet()));
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number <= 600; number++) {
      numbers.add(number);
    }
    numbers.addAll(
        List.of(0x3fffffff, 0x40000000, 0x4000003b, 0x7fffffff, 0x80000000, 0xfffffffe, -1));
    for (int number : numbers) {
      boolean looksAtArguments =
          rules.clauses(number).stream().anyMatch(clause -> !clause.unconditional());
      List<Long> values =
          looksAtArguments
              ? List.copyOf(boundaries(profile, rules.table().name(number).orElseThrow()))
              : List.of(0L, -1L);
      for (long[] arguments : tuples(values)) {
        int expected = oracle.returnValue(number, arguments);
        String call = name + " " + number + " " + java.util.Arrays.toString(arguments);
        assertEquals(expected, rules.decide(number, arguments).returnValue(), call);
        assertEquals(
            expected,
            BpfSimulator.run(program, architecture, number, arguments).returnValue(),
            call);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void everyOtherAbiIsKilled(String name, Architecture architecture, Set<Capability> capabilities) {
    BpfProgram program =
        SeccompCompiler.compile(
            SeccompProfile.read(Profiles.document(name))
                .resolve(architecture, KERNEL, capabilities));
    Set<Integer> foreign = new TreeSet<>(List.of(0x40000003, 0x40000028, 0xC0000015, 0, -1));
    for (Architecture other : Architecture.values()) {
      foreign.add(other.auditArch());
    }
    foreign.remove(architecture.auditArch());
    for (int arch : foreign) {
      for (int number = 0; number <= 600; number++) {
        assertEquals(0x80000000, BpfSimulator.run(program, arch, number).returnValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "moby-default, 75, 9.6",
    "default, 170, 10.7",
    "developer, 165, 10.7",
    "strict, 155, 11.0"
  })
  void filtersAreSmallAndShort(String name, int instructions, double executed) {
    for (Architecture architecture : Architecture.values()) {
      SeccompRules rules =
          SeccompProfile.read(Profiles.document(name)).resolve(architecture, KERNEL, Set.of());
      BpfProgram program = SeccompCompiler.compile(rules);
      assertTrue(program.instructions().size() <= instructions, program.instructions().size() + "");
      assertTrue(mean(rules, program) <= executed, mean(rules, program) + "");
    }
  }

  /** Instructions executed, the mean over every number of the table, arguments 0. */
  private static double mean(SeccompRules rules, BpfProgram program) {
    SyscallTable table = rules.table();
    long executed = 0;
    for (int number : table.numbers()) {
      executed += BpfSimulator.run(program, rules.abi().auditArch(), number).executed();
    }
    return (double) executed / table.names().size();
  }

  private static Set<Long> boundaries(SeccompProfile profile, String name) {
    Set<Long> values = new TreeSet<>(List.of(0L, 1L, -1L, 0xffffffffL, 0x100000000L));
    for (var entry : profile.entries()) {
      for (SyscallRule rule : entry.rules()) {
        for (ArgumentCheck check :
            rule.name().equals(name) ? rule.when() : List.<ArgumentCheck>of()) {
          for (long value : new long[] {check.value(), check.valueTwo()}) {
            values.addAll(List.of(value - 1, value, value + 1, value | 1L << 32, value | 1L << 63));
          }
        }
      }
    }
    return values;
  }

  /** Each value in each place, and every pair of values in two places, others 0. */
  private static List<long[]> tuples(List<Long> values) {
    List<long[]> tuples = new ArrayList<>();
    for (int one = 0; one < 6; one++) {
      for (int two = one + 1; two < 6; two++) {
        for (long a : values) {
          for (long b : one < 3 && two < 3 ? values : List.of(0L, -1L)) {
            long[] arguments = new long[6];
            arguments[one] = a;
            arguments[two] = b;
            tuples.add(arguments);
          }
        }
      }
    }
    return tuples;
  }
}
