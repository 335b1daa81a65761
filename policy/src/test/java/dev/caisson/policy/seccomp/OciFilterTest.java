package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonText;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.seccomp.LaunchVariant.UserNamespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters that other runtimes load decide as those that Caisson loads. */
class OciFilterTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 12);
  private static final LaunchVariant VARIANT = new LaunchVariant(UserNamespaces.NONE, false);

  static Stream<Arguments> profiles() {
    List<Arguments> all = new ArrayList<>();
    for (String name : List.of("strict", "default", "developer", "moby-default", "arg-heavy")) {
      for (Abi abi : List.of(Abi.X86_64, Abi.AARCH64)) {
        all.add(Arguments.of(name, abi));
      }
    }
    return all.stream();
  }

  private static SeccompProfile profile(String name) {
    return SeccompProfile.BUILT_IN.contains(name)
        ? SeccompProfile.builtIn(name)
        : SeccompProfile.read(Profiles.document(name));
  }

  private static FilterTarget target(Abi abi, Reading reading) {
    return new FilterTarget(abi, List.of(), KERNEL, Set.of(Capability.KILL), reading);
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void itExecutesWhatThePolicyDoes(String name, Abi abi) {
    OciFilter filter = OciFilter.of(profile(name), target(abi, Reading.STRICT), VARIANT);
    assertEquals(List.of(), filter.looser());
    List<String> stricter =
        filter.stricter().stream().map(s -> s.substring(0, s.indexOf('('))).toList();
    assertEquals(List.copyOf(tooLong(name)), stricter);
  }

  /** libseccomp itself, over every call there is; names that it does not know stay denied. */
  @ParameterizedTest
  @MethodSource("profiles")
  void libseccompMakesTheSameOfIt(String name, Abi abi) {
    Libseccomp.require();
    OciFilter filter = OciFilter.of(profile(name), target(abi, Reading.STRICT), VARIANT);
    SeccompProfile exported =
        SeccompProfile.read(JsonDocument.read("oci", JsonText.bytes(filter.document())));
    FilterTarget compat = target(abi, Reading.COMPAT);
    List<SyscallRule> rules = exported.rules(compat);
    SeccompAction defaultAction = exported.resolve(compat).abis().get(0).otherwise(9999);
    FilterRules wanted =
        VARIANT.of(profile(name).resolve(target(abi, Reading.STRICT))).withVsyscalls();
    Libseccomp.Compiled peer = Libseccomp.compile(abi, defaultAction, rules, 2);
    FilterComparison.Side there = FilterComparison.Side.of(peer.program());
    FilterComparison.Side here = FilterComparison.Side.of(wanted);
    assertEquals(List.of(), FilterComparison.of(there, here).excess());
    Set<String> missing = new TreeSet<>();
    for (FilterComparison.Difference lacks : FilterComparison.of(here, there).excess()) {
      missing.add(SyscallTable.of(abi).name(lacks.call().number()).orElseThrow());
    }
    missing.removeAll(tooLong(name));
    assertTrue(peer.unknown().containsAll(missing), missing + " of " + peer.unknown());
  }

  /** A rule over six arguments takes too many of libseccomp's: refused, and named. */
  private static Set<String> tooLong(String profile) {
    return profile.equals("arg-heavy") ? Set.of("move_pages") : Set.of();
  }
}
