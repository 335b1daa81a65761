package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeccompRulesTest {
  private static final SeccompAction ALLOW = new SeccompAction.Allow();
  private static final SeccompAction EPERM = new SeccompAction.Errno(1);
  private static final SeccompAction ENOSYS = new SeccompAction.Errno(38);
  private static final int SOCKET = 41;

  private static SeccompRules rules(String rest) {
    return SeccompProfile.read(Profiles.parse("{" + rest.replace('\'', '"') + "}"))
        .resolve(Architecture.X86_64, new KernelVersion(6, 1), Set.of());
  }

  private static SeccompRules empty() {
    return rules("'defaultAction':'SCMP_ACT_ERRNO'");
  }

  @Test
  void theStrictestOfALayerWinsWhateverTheOrder() {
    ArgumentCheck unix = ArgumentCheck.of(0, Comparison.EQ, 1);
    SyscallRule kill = new SyscallRule("socket", new SeccompAction.KillProcess(), List.of(unix));
    SyscallRule allow = SyscallRule.always("socket", ALLOW);
    for (var layer : List.of(List.of(kill, allow), List.of(allow, kill))) {
      SeccompRules rules = empty().with(layer);
      assertEquals(new SeccompAction.KillProcess(), rules.decide(SOCKET, 1));
      assertEquals(ALLOW, rules.decide(SOCKET, 2));
    }
  }

  @Test
  void aLaterLayerDecidesWhatItMatchesAndNothingElse() {
    SeccompRules rules =
        empty()
            .with(List.of("socket", "read"), new SeccompAction.KillProcess())
            .with(
                List.of(
                    new SyscallRule(
                        "socket", ALLOW, List.of(ArgumentCheck.of(0, Comparison.EQ, 2)))));
    assertEquals(ALLOW, rules.decide(SOCKET, 2));
    assertEquals(new SeccompAction.KillProcess(), rules.decide(SOCKET, 1));
    assertEquals(new SeccompAction.KillProcess(), rules.decide(0));
    assertEquals(EPERM, rules.decide(1));
    for (long family : new long[] {0, 1, 2, 3, 1L << 32 | 2}) {
      assertEquals(
          rules.decide(SOCKET, family),
          BpfSimulator.run(SeccompCompiler.compile(rules), Architecture.X86_64, SOCKET, family)
              .action());
    }
  }

  @Test
  void twoErrnosOnOneRegionAreRefused() {
    ArgumentCheck low = ArgumentCheck.of(0, Comparison.LT, 10);
    ArgumentCheck high = ArgumentCheck.of(0, Comparison.GE, 10);
    ArgumentCheck nine = ArgumentCheck.of(0, Comparison.GE, 9);
    SyscallRule first = new SyscallRule("socket", EPERM, List.of(low));
    empty().with(List.of(first, new SyscallRule("socket", ENOSYS, List.of(high))));
    SeccompRefusal refusal =
        assertThrows(
            SeccompRefusal.class,
            () -> empty().with(List.of(first, new SyscallRule("socket", ENOSYS, List.of(nine)))));
    assertTrue(refusal.why().contains("socket"), refusal.why());
    assertTrue(refusal.why().contains("ENOSYS"), refusal.why());
  }

  @Test
  void unnamedCallsNewerThanTheAuthorKnewGetEnosysEvenUnderKill() {
    SeccompRules rules = rules("'defaultAction':'SCMP_ACT_KILL_PROCESS','knownThrough':'5.10'");
    assertEquals(new SeccompAction.KillProcess(), rules.decide(SOCKET));
    assertEquals(ENOSYS, rules.decide(442)); // mount_setattr, 5.12
    assertEquals(ENOSYS, rules.decide(400)); // never assigned
    assertEquals(ENOSYS, rules.decide(4000));
    assertEquals(ALLOW, rules.with(List.of("mount_setattr"), ALLOW).decide(442));
  }

  @Test
  void withoutKnownThroughOnlyNumbersBeyondEveryTableGetEnosys() {
    assertEquals(EPERM, empty().decide(442));
    assertEquals(EPERM, empty().decide(400));
    assertEquals(ENOSYS, empty().decide(4000));
    assertEquals(ALLOW, rules("'defaultAction':'SCMP_ACT_ALLOW'").decide(4000));
  }

  @Test
  void unixSocketsCanBeSwitchedOff() {
    SeccompRules rules =
        SeccompProfile.builtIn("default")
            .resolve(Architecture.X86_64, new KernelVersion(6, 1), Set.of())
            .withoutUnixSockets();
    assertEquals(new SeccompAction.Errno(97), rules.decide(SOCKET, 1, 1, 0));
    assertEquals(new SeccompAction.Errno(97), rules.decide(SOCKET, 1L << 40 | 1, 1, 0));
    assertEquals(ALLOW, rules.decide(SOCKET, 2, 1, 0));
    assertEquals(ALLOW, rules.decide(53, 1, 1, 0)); // socketpair
  }

  @Test
  void aProfileThatDeniesWhatALaunchNeedsIsRefused() {
    List<String> needed = List.of("execve", "write", "exit_group");
    empty().with(needed, ALLOW).requireLaunchable();
    for (String missing : needed) {
      SeccompRules rules = empty().with(needed, ALLOW).with(List.of(missing), EPERM);
      SeccompRefusal refusal =
          assertThrows(SeccompRefusal.class, rules::requireLaunchable, missing);
      assertTrue(refusal.why().contains(missing));
    }
    for (String name : SeccompProfile.BUILT_IN) {
      for (Architecture architecture : Architecture.values()) {
        SeccompProfile.builtIn(name)
            .resolve(architecture, new KernelVersion(5, 12), Set.of())
            .requireLaunchable();
      }
    }
  }

  @Test
  void newUserNamespacesCanBeRefusedWhateverTheProfile() {
    SeccompRules rules = rules("'defaultAction':'SCMP_ACT_ALLOW'").withoutUserNamespaces();
    SeccompAction enospc = new SeccompAction.Errno(28);
    int clone = 56;
    int unshare = 272;
    for (long flags : new long[] {0x10000000, 0x10000011, 0x7e000000}) {
      assertEquals(enospc, rules.decide(clone, flags));
      assertEquals(enospc, rules.decide(unshare, flags));
    }
    assertEquals(ALLOW, rules.decide(clone, 17));
    assertEquals(ALLOW, rules.decide(unshare, 0x40000000));
    assertEquals(ENOSYS, rules.decide(435));
  }

  @Test
  void theCoreLimitCanBeFixed() {
    SeccompRules rules = rules("'defaultAction':'SCMP_ACT_ALLOW'").withFixedCoreLimit();
    int setrlimit = 160;
    int prlimit = 302;
    assertEquals(new SeccompAction.Errno(0), rules.decide(setrlimit, 4));
    assertEquals(ALLOW, rules.decide(setrlimit, 7));
    assertEquals(new SeccompAction.Errno(0), rules.decide(prlimit, 0, 4, 0x1000, 0));
    assertEquals(EPERM, rules.decide(prlimit, 0, 4, 0x1000, 0x2000));
    assertEquals(ALLOW, rules.decide(prlimit, 0, 4, 0, 0x2000));
    assertEquals(ALLOW, rules.decide(prlimit, 0, 7, 0x1000, 0));
  }
}
