package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped profiles of Docker and Podman beside libseccomp, over every call there is. */
class LibseccompTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);

  @BeforeEach
  void peer() {
    Libseccomp.require();
  }

  static Stream<Arguments> profiles() {
    List<Arguments> all = new ArrayList<>();
    for (String name : List.of("moby-default", "containers-common")) {
      for (Abi abi : List.of(Abi.X86_64, Abi.AARCH64)) {
        for (Set<Capability> kept :
            List.of(
                Set.<Capability>of(),
                Set.of(Capability.SYS_ADMIN),
                Set.of(Capability.AUDIT_WRITE, Capability.SYS_PTRACE, Capability.BPF))) {
          all.add(Arguments.of(name, abi, kept));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void compatDecidesEveryCallAsLibseccompDoes(String name, Abi abi, Set<Capability> kept) {
    SeccompProfile profile = SeccompProfile.read(Profiles.document(name));
    FilterTarget target = new FilterTarget(abi, List.of(), KERNEL, kept, Reading.COMPAT);
    List<SyscallRule> rules = profile.rules(target);
    SeccompAction defaultAction = profile.resolve(target).abis().get(0).otherwise(9999);
    for (int optimize = 1; optimize <= 2; optimize++) {
      Libseccomp.Compiled peer = Libseccomp.compile(abi, defaultAction, rules, optimize);
      List<SyscallRule> known =
          rules.stream().filter(rule -> !peer.unknown().contains(rule.name())).toList();
      FilterRules wanted = rules(abi, Reading.COMPAT, defaultAction, known);
      assertInstanceOf(
          FilterProver.Proved.class, FilterProver.prove(wanted, peer.program()), name + abi);
      FilterRules all = profile.resolve(target);
      Set<String> differing = new TreeSet<>();
      for (var excess :
          FilterComparison.of(
                  FilterComparison.Side.of(all), FilterComparison.Side.of(peer.program()))
              .excess()) {
        differing.add(SyscallTable.of(abi).name(excess.call().number()).orElseThrow());
      }
      assertTrue(peer.unknown().containsAll(differing), differing + " of " + peer.unknown());
    }
  }

  private static FilterRules rules(
      Abi abi, Reading reading, SeccompAction defaultAction, List<SyscallRule> rules) {
    return FilterRules.of(
        new SeccompRules(
            "test",
            SyscallTable.of(abi),
            reading,
            defaultAction,
            java.util.Optional.empty(),
            List.of(rules)));
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void strictLetsNothingThroughThatTheProfileForbids(String name, Abi abi, Set<Capability> kept) {
    SeccompProfile profile = SeccompProfile.read(Profiles.document(name));
    FilterTarget target = new FilterTarget(abi, List.of(), KERNEL, kept, Reading.STRICT);
    SeccompRules strict = profile.resolve(target).abis().get(0);
    SeccompRules compat = profile.resolve(target.reading(Reading.COMPAT)).abis().get(0);
    Set<Integer> differing = new HashSet<>();
    for (ReadingDifference difference : ReadingDifference.all(profile, target)) {
      differing.add(difference.call().number());
      if (difference.cause() == ReadingDifference.Cause.OVERLAP) {
        long several = actions(profile, target, strict, difference.call().number());
        assertTrue(several > 1, difference.toString());
      }
      if (difference.strict().executes() && !difference.compat().executes()) {
        assertEquals(ReadingDifference.Cause.WIDTH, difference.cause(), difference.toString());
      }
    }
    for (int number = 0; number <= 600; number++) {
      for (long[] given : tuples(boundaries(profile, strict, number))) {
        SeccompAction one = strict.decide(number, given);
        long[] read = new long[6];
        long[] signed = new long[6];
        for (int i = 0; i < 6; i++) {
          read[i] = given[i] & ArgumentTest.widthMask(strict.width(number, i));
          signed[i] = strict.width(number, i) == 4 ? (int) given[i] : read[i];
        }
        if (!one.equals(compat.decide(number, given))) {
          assertTrue(differing.contains(number) || number >= strict.table().end());
          boolean width =
              compat.decide(number, read).equals(one) || compat.decide(number, signed).equals(one);
          assertTrue(
              width
                  || strict.answersUnknown(number)
                  || strict.refusesUninspected(number)
                  || actions(profile, target, strict, number) > 1,
              "a difference of no listed class: " + number + java.util.Arrays.toString(given));
        }
        boolean forbidden =
            !compat.decide(number, read).executes() && !compat.decide(number, signed).executes();
        assertTrue(!(forbidden && one.executes()), number + java.util.Arrays.toString(given));
      }
    }
  }

  /** How many different actions the rules for a call have. */
  private static long actions(
      SeccompProfile profile, FilterTarget target, SeccompRules rules, int number) {
    String name = rules.table().name(number).orElse("");
    return profile.rules(target).stream()
        .filter(rule -> rule.name().equals(name))
        .map(SyscallRule::action)
        .distinct()
        .count();
  }

  private static Set<Long> boundaries(SeccompProfile profile, SeccompRules rules, int number) {
    String name = rules.table().name(number).orElse("");
    Set<Long> values = new TreeSet<>(List.of(0L, -1L));
    for (var entry : profile.entries()) {
      for (SyscallRule rule : entry.rules()) {
        if (rule.name().equals(name)) {
          for (ArgumentCheck check : rule.when()) {
            long value = check.value();
            values.addAll(List.of(value - 1, value, value + 1, value | 1L << 32, value | 1L << 63));
          }
        }
      }
    }
    return values;
  }

  private static List<long[]> tuples(Set<Long> values) {
    List<long[]> tuples = new ArrayList<>();
    for (long a : values) {
      for (long b : values) {
        tuples.add(new long[] {a, b, 0, 0, 0, 0});
        tuples.add(new long[] {a, 0, b, 0, 0, 0});
        tuples.add(new long[] {0, a, b, 0, 0, 0});
      }
    }
    return tuples;
  }
}
