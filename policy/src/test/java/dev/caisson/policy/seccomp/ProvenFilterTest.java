package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProvenFilterTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);
  private static final LaunchVariant NO_UNIX =
      new LaunchVariant(LaunchVariant.UserNamespaces.OF_PROFILE, false);

  private static final class Remembered implements ProofStore {
    final Set<ProofKey> keys = new HashSet<>();
    int asked;

    @Override
    public boolean holds(ProofKey key) {
      asked++;
      return keys.contains(key);
    }

    @Override
    public void keep(ProofKey key) {
      keys.add(key);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theBuildsFiltersAreThoseOfTheProfiles(Architecture architecture) {
    FilterTarget target = FilterTarget.of(architecture, KERNEL, Set.of());
    for (String name : SeccompProfile.BUILT_IN) {
      FilterRules rules = SeccompProfile.builtIn(name).resolve(target);
      for (LaunchVariant variant : LaunchVariant.all()) {
        FilterRules wanted = variant.of(rules);
        BpfProgram made = PrebuiltFilter.read(name, Abi.of(architecture), variant).orElseThrow();
        assertTrue(FilterProver.prove(wanted, made) instanceof FilterProver.Proved, name);
        assertEquals(SeccompCompiler.compile(wanted), made);
      }
    }
  }

  @Test
  void aBuiltInProfileNeedsNeitherProofNorCompiler() {
    Remembered proofs = new Remembered();
    FilterTarget target = FilterTarget.of(Architecture.X86_64, KERNEL, Set.of());
    ProvenFilter.of(SeccompProfile.builtIn("default"), target, LaunchVariant.PLAIN, proofs);
    assertEquals(0, proofs.asked);
    FilterTarget more = FilterTarget.of(Architecture.X86_64, KERNEL, Set.of(Capability.SYS_CHROOT));
    BpfProgram filter =
        ProvenFilter.of(SeccompProfile.builtIn("default"), more, LaunchVariant.PLAIN, proofs)
            .program();
    assertEquals(1, proofs.asked);
    assertTrue(BpfSimulator.run(filter, Architecture.X86_64, 161).action().executes());
    SeccompProfile layered =
        SeccompProfile.builtIn("default")
            .with(
                List.of(
                    List.of(
                        CallRule.always("chroot", new SeccompAction.Allow()),
                        CallRule.always("read", new SeccompAction.Errno(1)))),
                Set.of());
    filter = ProvenFilter.of(layered, target, LaunchVariant.PLAIN, proofs).program();
    assertTrue(BpfSimulator.run(filter, Architecture.X86_64, 161).action().executes());
    assertEquals(
        new SeccompAction.Errno(1), BpfSimulator.run(filter, Architecture.X86_64, 0).action());
  }

  @Test
  void aProofIsMadeOnce() {
    Remembered proofs = new Remembered();
    FilterTarget target = FilterTarget.of(Architecture.X86_64, KERNEL, Set.of());
    SeccompProfile profile = SeccompProfile.read(Profiles.document("moby-default"));
    ProvenFilter.of(profile, target, LaunchVariant.PLAIN, proofs);
    ProvenFilter.of(profile, target, LaunchVariant.PLAIN, proofs);
    assertEquals(2, proofs.asked);
    assertEquals(1, proofs.keys.size());
    ProvenFilter.of(profile, target, NO_UNIX, proofs);
    assertEquals(2, proofs.keys.size());
  }

  @Test
  void aProofIsOfOneNormalFormAndOneFilter() {
    FilterTarget target = FilterTarget.of(Architecture.X86_64, KERNEL, Set.of());
    FilterRules moby = SeccompProfile.read(Profiles.document("moby-default")).resolve(target);
    BpfProgram filter = SeccompCompiler.compile(moby);
    ProofKey key = ProofKey.of(moby, filter);
    assertNotEquals(key, ProofKey.of(NO_UNIX.of(moby), filter));
    assertNotEquals(key, ProofKey.of(moby, SeccompCompiler.compile(NO_UNIX.of(moby))));
    assertEquals(
        key,
        ProofKey.of(
            SeccompProfile.read(Profiles.document("moby-default")).resolve(target), filter));
  }

  @Test
  void whatCannotBeProvedIsRefused() {
    StringBuilder rules = new StringBuilder();
    for (int bit = 0; bit < 24; bit++) {
      rules.append(
          """
          ,{"names":["mmap"],"action":"SCMP_ACT_LOG","args":[
            {"index":0,"op":"SCMP_CMP_MASKED_EQ","value":%1$d,"valueTwo":%1$d},
            {"index":1,"op":"SCMP_CMP_MASKED_EQ","value":%1$d,"valueTwo":%1$d}]}"""
              .formatted(1 << bit));
    }
    SeccompProfile profile =
        SeccompProfile.read(
            Profiles.parse(
                """
                {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
                  {"names":["execve","write","exit_group"],"action":"SCMP_ACT_ALLOW"}%s]}"""
                    .formatted(rules)));
    FilterTarget target = FilterTarget.of(Architecture.X86_64, KERNEL, Set.of());
    Remembered proofs = new Remembered();
    SeccompRefusal refusal =
        assertThrows(
            SeccompRefusal.class,
            () -> ProvenFilter.of(profile, target, LaunchVariant.PLAIN, proofs));
    assertTrue(refusal.why().contains("could not be decided"), refusal.why());
    assertEquals(Set.of(), proofs.keys);
  }
}
