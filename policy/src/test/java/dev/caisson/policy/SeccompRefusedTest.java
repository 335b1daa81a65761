package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.ProofStore;
import dev.caisson.policy.seccomp.ProvenFilter;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SeccompProfile;
import dev.caisson.policy.seccomp.SeccompRefusal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Policies whose filter is not loaded: a message each, and never a weaker filter. */
class SeccompRefusedTest {
  private static ProvenFilter filter(String seccomp) {
    SeccompProfile profile = Policies.effective("\"seccomp\": " + seccomp).seccomp();
    var target = profile.target(Architecture.X86_64, new KernelVersion(6, 12), Set.of());
    return ProvenFilter.of(profile, target, LaunchVariant.PLAIN, ProofStore.none());
  }

  private static String refused(String seccomp) {
    return assertThrows(SeccompRefusal.class, () -> filter(seccomp)).why();
  }

  private static String rules(int count, java.util.function.IntFunction<String> rule) {
    return "{\"profile\": \"default\", \"rules\": ["
        + IntStream.range(0, count).mapToObj(rule).collect(Collectors.joining(", "))
        + "]}";
  }

  @Test
  void tenThousandRulesAreTooMany() {
    String all =
        rules(
            10_000,
            i ->
                "{\"syscall\": \"lseek\", \"when\": {\"1\": "
                    + 3L * i
                    + "}, \"then\": "
                    + (i % 2 == 0 ? "\"trap\"" : "\"deny\"")
                    + "}");
    String why = refused(all);
    assertTrue(why.contains("the kernel takes at most 4096"), why);
  }

  @Test
  void tenThousandRulesThatSayOneThingAreOne() {
    String all =
        rules(
            10_000,
            i -> "{\"syscall\": \"lseek\", \"when\": {\"1\": " + i + "}, \"then\": \"deny\"}");
    var program = filter(all).program();
    assertEquals(
        new SeccompAction.Errno(1),
        BpfSimulator.run(program, Architecture.X86_64, 8, 3, 9_999).action());
    assertEquals(
        new SeccompAction.Allow(),
        BpfSimulator.run(program, Architecture.X86_64, 8, 3, 10_000).action());
  }

  @Test
  void rulesWhoseDiagramExplodesAreNotLoadedUnproved() {
    String all =
        rules(
            18,
            i ->
                "{\"syscall\": \"mmap\", \"when\": {"
                    + bit("addr", i)
                    + ", "
                    + bit("len", i)
                    + "}, \"then\": \"deny\"}");
    String why = refused(all);
    assertTrue(why.contains("could not be decided"), why);
  }

  private static String bit(String argument, int bit) {
    long value = 1L << bit;
    return "\"" + argument + "\": {\"mask\": " + value + ", \"eq\": " + value + "}";
  }

  @Test
  void nothingIsToldToATracerOrASupervisorThatIsNotThere() {
    for (String action : List.of("trace", "notify")) {
      String why =
          refused(
              "{\"profile\": \"default\", \"rules\": [{\"syscall\": \"uname\", \"then\": \""
                  + action
                  + "\"}]}");
      assertTrue(why.startsWith("for uname it says " + action), why);
      assertTrue(why.contains("nothing that would be told"), why);
    }
  }

  @Test
  void aPayloadThatCouldNotStartIsRefused() {
    String why = refused("{\"profile\": \"default\", \"deny\": [\"execve\"]}");
    assertTrue(why.startsWith("it denies execve"), why);
  }

  @Test
  void aProfileForAnUnknownArchitectureIsAMistake() {
    assertEquals(
        List.of(
            "$.seccomp.profile.architectures[0]: expected an architecture, found SCMP_ARCH_X86_46;"
                + " did you mean SCMP_ARCH_X86_64?"),
        Policies.mistakes(
            "\"seccomp\": {\"profile\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\":"
                + " [\"SCMP_ARCH_X86_46\"]}}"));
  }

  @Test
  void aCompatAbiThatWasNotAskedForEndsTheProcess() {
    int i386 = 0x40000003;
    var without = filter("{\"profile\": \"default\"}").program();
    var with =
        filter(
                "{\"profile\": \"default\", \"abis\": [\"i386\", \"arm\"],"
                    + " \"rules\": [{\"syscall\": \"socket\", \"when\": {\"family\": 1}}]}")
            .program();
    SeccompAction kill = new SeccompAction.KillProcess();
    assertEquals(kill, BpfSimulator.run(without, i386, 20).action());
    assertEquals(new SeccompAction.Allow(), BpfSimulator.run(with, i386, 20).action());
    assertEquals(new SeccompAction.Allow(), BpfSimulator.run(with, i386, 359, 1).action());
    // socketcall would get around the rule
    assertFalse(BpfSimulator.run(with, i386, 102, 1).action().executes());
    // no kernel of x86_64 serves arm
    assertEquals(kill, BpfSimulator.run(with, 0x40000028, 20).action());
  }
}
