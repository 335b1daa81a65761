package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.json.JsonText;
import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.ProofStore;
import dev.caisson.policy.seccomp.ProvenFilter;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What policies say of calls, as the kernel would be told. */
class SeccompLayersTest {
  private static final int SOCKET = 41;
  private static final int PTRACE = 101;
  private static final KernelVersion KERNEL = new KernelVersion(6, 12);
  private static final SeccompAction ALLOW = new SeccompAction.Allow();
  private static final SeccompAction EPERM = new SeccompAction.Errno(1);
  private static final SeccompAction EAFNOSUPPORT = new SeccompAction.Errno(97);

  private static SeccompAction decision(EffectivePolicy policy, int number, long... arguments) {
    SeccompProfile profile = policy.seccomp();
    var target = profile.target(Architecture.X86_64, KERNEL, Set.of());
    var filter = ProvenFilter.of(profile, target, LaunchVariant.PLAIN, ProofStore.none());
    return BpfSimulator.run(filter.program(), Architecture.X86_64, number, arguments).action();
  }

  private static EffectivePolicy seccomp(String value) {
    return Policies.effective("\"seccomp\": " + value);
  }

  private static EffectivePolicy child(String child, String... parents) {
    FakeFiles files = new FakeFiles();
    StringBuilder names = new StringBuilder();
    for (String parent : parents) {
      String file = "a" + (names.isEmpty() ? 0 : 1) + ".json";
      files.file("/home/alice/project/" + file, Policies.document("\"seccomp\": {" + parent + "}"));
      names.append(names.isEmpty() ? "\"" : ", \"").append(file).append('"');
    }
    files.file(
        "/home/alice/project/p.json",
        Policies.document("\"extends\": [" + names + "], \"seccomp\": {" + child + "}"));
    return Policies.load(files, "./p.json").resolve(View.IMAGE, Policies.HOST);
  }

  @Test
  void aRuleDecidesWhatItMatchesAndOtherwiseTheRest() {
    EffectivePolicy policy =
        seccomp(
            """
            {"profile": "default",
             "rules": [
               {"syscall": "socket", "when": {"family": {"in": ["AF_UNIX", "AF_INET"]}}},
               {"syscall": "socket",
                "when": {"type": {"mask": "SOCK_TYPE_MASK", "eq": "SOCK_RAW"}}, "then": "trap"}],
             "otherwise": {"socket": {"errno": "EAFNOSUPPORT"}}}""");
    assertEquals(ALLOW, decision(policy, SOCKET, 2, 1));
    assertEquals(ALLOW, decision(policy, SOCKET, 0xf00000001L, 0x80001));
    assertEquals(new SeccompAction.Trap(), decision(policy, SOCKET, 2, 0x80003));
    assertEquals(new SeccompAction.Trap(), decision(policy, SOCKET, 10, 3));
    assertEquals(EAFNOSUPPORT, decision(policy, SOCKET, 10, 1));
  }

  @Test
  void whatNoRuleMatchesIsLeftToTheProfile() {
    EffectivePolicy policy =
        seccomp(
            """
            {"profile": "default",
             "rules": [{"syscall": "ptrace", "when": {"request": "PTRACE_TRACEME"}}]}""");
    assertEquals(ALLOW, decision(policy, PTRACE, 0));
    assertEquals(EPERM, decision(policy, PTRACE, 16));
  }

  @Test
  void theStrictestOfALayerDecidesAndTheLastOfTheLayers() {
    String vsock = "{\"syscall\": \"socket\", \"when\": {\"family\": 40}, \"then\": \"deny\"}";
    EffectivePolicy one = seccomp("{\"allow\": [\"socket\"], \"rules\": [" + vsock + "]}");
    assertEquals(EPERM, decision(one, SOCKET, 40));
    assertEquals(ALLOW, decision(one, SOCKET, 2));
    EffectivePolicy below = child("\"allow\": [\"socket\"]", "\"rules\": [" + vsock + "]");
    assertEquals(ALLOW, decision(below, SOCKET, 40));
    EffectivePolicy above = child("\"rules\": [" + vsock + "]", "\"allow\": [\"socket\"]");
    assertEquals(EPERM, decision(above, SOCKET, 40));
    assertEquals(ALLOW, decision(above, SOCKET, 2));
  }

  @Test
  void parentsLieInTheirOrder() {
    String inet = "\"rules\": [{\"syscall\": \"socket\", \"when\": {\"family\": 2}}]";
    String none = "\"deny\": [\"socket\"]";
    assertEquals(EPERM, decision(child("", inet, none), SOCKET, 2));
    assertEquals(ALLOW, decision(child("", none, inet), SOCKET, 2));
    assertEquals(EPERM, decision(child("", none, inet), SOCKET, 10));
  }

  @Test
  void layersAreStatedAndReadBack() {
    EffectivePolicy policy =
        seccomp(
            """
            {"layers": [{"deny": ["socket"], "allow": ["ptrace"]}],
             "rules": [{"syscall": "socket", "when": {"family": "AF_UNIX"}}],
             "otherwise": {"mount": "kill-process"}}""");
    assertEquals(ALLOW, decision(policy, SOCKET, 1));
    assertEquals(EPERM, decision(policy, SOCKET, 2));
    String stated =
        JsonText.line(
            StatedValue.document(
                Policies.of(
                        """
                        "seccomp": {
                          "layers": [{"deny": ["socket"], "allow": ["ptrace", "mount"]}],
                          "rules": [{"syscall": "socket", "when": {"family": "AF_UNIX"}}],
                          "otherwise": {"mount": "kill-process"}}""")
                    .resolution(View.IMAGE, Policies.HOST)
                    .values()
                    .stream()
                    .filter(value -> value.path().get(0).equals("seccomp"))
                    .toList()));
    // mount is decided on top, ptrace by nobody else
    assertEquals(
        "{\"seccomp\":{\"profile\":\"strict\",\"layers\":[{\"deny\":[\"socket\"]}],"
            + "\"allow\":[\"ptrace\"],"
            + "\"rules\":[{\"syscall\":\"socket\",\"when\":{\"family\":{\"eq\":\"AF_UNIX\"}},"
            + "\"then\":\"allow\"}],\"otherwise\":{\"mount\":\"kill-process\"}}}",
        stated);
  }

  @Test
  void parentsThatSayDifferentThingsOfTheSameAreSettledByTheChild() {
    String one = "\"rules\": [{\"syscall\": \"socket\", \"when\": {\"family\": 2}}]";
    String two =
        "\"rules\": [{\"syscall\": \"socket\", \"when\": {\"family\": 2}, \"then\": \"deny\"}]";
    PolicyRefusal refusal = assertThrows(PolicyRefusal.class, () -> child("", one, two));
    assertEquals(
        List.of(
            "$.seccomp.rules[0]: the parents disagree: a0.json:1:51 sets it otherwise; set it in"
                + " the policy that extends both"),
        Policies.said(refusal.problems()));
    assertEquals(EPERM, decision(child("\"deny\": [\"socket\"]", one, two), SOCKET, 2));
  }
}
