package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonProblem;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileReaderTest {
  private static List<JsonProblem> problems(String text) {
    return assertThrows(SeccompRefusal.class, () -> SeccompProfile.read(Profiles.parse(text)))
        .problems();
  }

  private static SeccompProfile profile(String syscalls) {
    return SeccompProfile.read(
        Profiles.parse(
            "{'defaultAction':'SCMP_ACT_ERRNO','syscalls':[".replace('\'', '"')
                + syscalls.replace('\'', '"')
                + "]}"));
  }

  private static int decide(SeccompProfile profile, int kernel, Capability... caps) {
    return profile
        .resolve(Architecture.X86_64, new KernelVersion(kernel, 0), Set.of(caps))
        .decide(101)
        .returnValue();
  }

  @Test
  void everyMistakeIsReportedAtOnceWithItsPlaceAndTheNearestSpelling() {
    List<JsonProblem> found =
        problems(
            """
            {
              "defaultAction": "SCMP_ACT_ERNO",
              "defualtErrnoRet": 1,
              "archMap": [{"architecture": "SCMP_ARCH_Z80"}],
              "syscalls": [
                {"names": ["raed"], "action": "SCMP_ACT_ALLOW"},
                {"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": "EPREM"},
                {"names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 4095},
                {"names": ["write"], "action": "SCMP_ACT_ALLOW",
                 "args": [{"index": 6, "value": 18446744073709551616, "op": "SCMP_CMP_QE"}]},
                {"names": ["bpf"], "action": "SCMP_ACT_ALLOW",
                 "includes": {"caps": ["CAP_SYS_ADMlN"], "arches": ["amd46"], "minKernel": "new"}}
              ]
            }
            """);
    String all = String.join("\n", found.stream().map(p -> p + "").toList());
    assertEquals(12, found.size(), all);
    assertTrue(all.contains("did you mean SCMP_ACT_ERRNO?"), all);
    assertTrue(all.contains("did you mean defaultErrnoRet?"), all);
    assertTrue(all.contains("no system call is called raed; did you mean read?"), all);
    assertTrue(all.contains("did you mean CAP_SYS_ADMIN?"), all);
    assertTrue(all.contains("expected a whole number from 0 to 5, found 6"), all);
    assertTrue(all.contains("from 0 to 18446744073709551615, found 18446744073709551616"), all);
    JsonProblem call =
        found.stream().filter(p -> p.message().contains("raed")).findFirst().orElseThrow();
    assertEquals("$.syscalls[0].names[0]", call.path());
    assertEquals("6:16", call.position().toString());
  }

  @Test
  void wrongKindsAreProblemsNotExceptions() {
    for (String text :
        List.of(
            "[]",
            "3",
            "{}",
            "{\"defaultAction\": 1}",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": {}}",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [1]}",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [1]}]}",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\": null}]}",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"knownThrough\": \"6.1.2.3\"}",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\"",
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"defaultAction\": \"SCMP_ACT_LOG\"}")) {
      assertTrue(!problems(text).isEmpty(), text);
    }
    String fraction = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 1e99999999999}";
    assertEquals(1, problems(fraction).size());
  }

  @Test
  void errnoAndErrnoRetMustAgree() {
    assertEquals(
        1,
        problems(
                "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 1,"
                    + " \"defaultErrno\": \"ENOSYS\"}")
            .size());
  }

  @Test
  void includesNeedEveryConditionAndExcludesOne() {
    SeccompProfile both =
        profile(
            "{'names':['ptrace'],'action':'SCMP_ACT_ALLOW',"
                + "'includes':{'caps':['CAP_SYS_PTRACE','CAP_KILL'],'minKernel':'5.0'}}");
    assertEquals(0x50001, decide(both, 6, Capability.SYS_PTRACE));
    assertEquals(0x50001, decide(both, 4, Capability.SYS_PTRACE, Capability.KILL));
    assertEquals(0x7fff0000, decide(both, 5, Capability.SYS_PTRACE, Capability.KILL));
    SeccompProfile not =
        profile(
            "{'name':'ptrace','action':'SCMP_ACT_ALLOW',"
                + "'excludes':{'caps':['CAP_SYS_PTRACE','CAP_KILL'],'minKernel':'6.0'}}");
    assertEquals(0x7fff0000, decide(not, 5));
    assertEquals(0x50001, decide(not, 5, Capability.KILL));
    assertEquals(0x50001, decide(not, 6));
    SeccompProfile elsewhere =
        profile("{'names':['ptrace'],'action':'SCMP_ACT_ALLOW','includes':{'arches':['arm64']}}");
    assertEquals(0x50001, decide(elsewhere, 6));
  }

  @Test
  void anArgumentComparedTwiceIsTwoRulesAndAWarning() {
    SeccompProfile twice =
        profile(
            "{'names':['ptrace'],'action':'SCMP_ACT_ALLOW','args':["
                + "{'index':0,'value':1,'op':'SCMP_CMP_EQ'},"
                + "{'index':0,'value':0,'op':'SCMP_CMP_EQ'}]}");
    assertEquals(1, twice.warnings().size());
    assertEquals(0x7fff0000, decide(twice, 6));
  }

  @Test
  void unknownBuiltInNamesTheKnownOnes() {
    SeccompRefusal refusal =
        assertThrows(SeccompRefusal.class, () -> SeccompProfile.builtIn("../default"));
    assertTrue(refusal.remedy().contains("default, strict, developer"));
  }

  @Test
  void theRefusalNamesFileLineAndColumn() {
    SeccompRefusal refusal =
        assertThrows(SeccompRefusal.class, () -> SeccompProfile.read(Profiles.parse("{\n }")));
    assertTrue(refusal.why().contains("test:1:1: $.defaultAction: missing"));
  }
}
