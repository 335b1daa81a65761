package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of a policy that hold on some hosts; the host of the tests is x86_64, Linux 6.12. */
class ConditionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "view": "image"                             | true
          "view": "wrap"                              | false
          "view": ["wrap", "image"]                   | true
          "arch": "x86_64"                            | true
          "arch": "aarch64"                           | false
          "arch": ["aarch64", "x86_64"]               | true
          "kernel": ">=6.12"                          | true
          "kernel": ">=6.13"                          | false
          "kernel": "<6.13"                           | true
          "kernel": "<6.12"                           | false
          "kernel": "==6.12"                          | true
          "kernel": "==6.1"                           | false
          "kernel": ["<6.1", ">=6.10"]                | true
          "feature": "landlock"                       | true
          "feature": "landlock-scopes"                | true
          "feature": "tmpfs-xattr"                    | true
          "capability": "CAP_KILL"                    | true
          "capability": "CAP_CHOWN"                   | false
          "capability": ["CAP_CHOWN", "CAP_KILL"]     | true
          "view": "image", "arch": "aarch64"          | false
          "view": "image", "kernel": ">=6.7"          | true
          """)
  void aPartHoldsWhereAllOfItsKeysDo(String condition, boolean holds) {
    EffectivePolicy policy =
        Policies.effective(
            "\"capabilities\": {\"keep\": [\"CAP_KILL\"]}, \"when\": [{\"if\": {"
                + condition
                + "}, \"network\": \"host\"}]");
    assertEquals(holds, policy.network().equals(new Network.Host()));
  }

  @Test
  void capabilitiesAreDecidedBeforeWhatDependsOnThem() {
    String asks =
        "\"when\": [{\"if\": {\"capability\": \"CAP_NET_ADMIN\"}, \"proc\": \"none\"},"
            + " {\"if\": {\"kernel\": \">=6.1\"}, \"capabilities\": {\"keep\":"
            + " [\"CAP_NET_ADMIN\"]}}]";
    EffectivePolicy policy = Policies.effective(asks);
    assertEquals(Set.of(Capability.NET_ADMIN), policy.capabilities());
    assertEquals(EffectivePolicy.ProcView.NONE, policy.proc());
  }

  @Test
  void aParentsPartAsksForTheCapabilitiesOfTheChild() {
    FakeFiles files =
        new FakeFiles()
            .file(
                "/home/alice/project/a.json",
                Policies.document(
                    "\"when\": [{\"if\": {\"capability\": \"CAP_KILL\"}, \"proc\": \"none\"}]"))
            .file(
                "/home/alice/project/p.json",
                Policies.document(
                    "\"extends\": [\"a.json\"], \"capabilities\": {\"keep\": [\"CAP_KILL\"]}"));
    Policy child = Policies.load(files, "./p.json");
    assertEquals(EffectivePolicy.ProcView.NONE, child.resolve(View.WRAP, Policies.HOST).proc());
    assertEquals(
        EffectivePolicy.ProcView.PID_ONLY,
        Policies.load(files, "./a.json").resolve(View.WRAP, Policies.HOST).proc());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                             | : expected at least one of view, arch, kernel, capability, feature in it
          {"arch": "amd64"}              | .arch: expected one of x86_64, aarch64, found "amd64"
          {"arch": []}                   | .arch: it never holds: expected at least one
          {"arch": ["x86_64", "arm"]}    | .arch[1]: expected one of x86_64, aarch64, found "arm"
          {"kernel": "6.7"}              | .kernel: expected a kernel version behind >=, < or ==, as ">=6.7", found "6.7"
          {"kernel": ">6.7"}             | .kernel: expected a kernel version behind >=, < or ==, as ">=6.7", found ">6.7"
          {"kernel": ">=6"}              | .kernel: expected a kernel version behind >=, < or ==, as ">=6.7", found ">=6"
          {"kernel": 6.7}                | .kernel: expected a string, found a number
          {"feature": "landlok"}         | .feature: expected one of landlock, landlock-tcp, landlock-scopes, tmpfs-xattr, found "landlok"; did you mean landlock?
          {"capability": "CAP_KIL"}      | .capability: no such name: "CAP_KIL"; did you mean CAP_KILL?
          """)
  void eachMistakeHasItsPlace(String condition, String said) {
    assertEquals(
        List.of("$.when[0].if" + said),
        Policies.mistakes("\"when\": [{\"if\": " + condition + "}]"));
  }

  @Test
  void whatHoldsForACapabilityCannotChangeCapabilities() {
    assertEquals(
        List.of(
            "$.when[0].capabilities.keep: a part that holds for a capability cannot set"
                + " capabilities"),
        Policies.mistakes(
            "\"when\": [{\"if\": {\"capability\": \"CAP_KILL\"}, \"capabilities\": {\"keep\":"
                + " []}}]"));
  }

  @Test
  void mistakesThatShowOnAnotherHostAreFoundToo() {
    List<String> said =
        Policies.mistakes(
            "\"when\": [{\"if\": {\"arch\": \"aarch64\", \"kernel\": \"<6.1\"}, \"process\":"
                + " {\"cwd\": \"${hoem}\"}}]");
    assertEquals(1, said.size());
    assertTrue(said.get(0).contains("did you mean home?"), said.get(0));
  }
}
