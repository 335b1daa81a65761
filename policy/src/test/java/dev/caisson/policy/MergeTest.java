package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.UnixPath;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.SeccompAction;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies with parents. */
class MergeTest {
  private final FakeFiles files = new FakeFiles();

  @Test
  void aChildOverridesFieldByField() {
    parents("\"network\": \"host\", \"limits\": {\"pids\": 5, \"openFiles\": 6}");
    EffectivePolicy policy = child("\"limits\": {\"pids\": 7}");
    assertEquals(new Network.Host(), policy.network());
    assertEquals(OptionalLong.of(7), policy.limits().processes());
    assertEquals(OptionalLong.of(6), policy.limits().openFiles());
  }

  @Test
  void parentsThatDisagreeAreAMistakeThatTheChildSettles() {
    parents("\"network\": \"host\"", "\"network\": \"none\"");
    assertEquals(
        List.of(
            "$.network: the parents disagree: a0.json:1:40 sets it otherwise; set it in the policy"
                + " that extends both"),
        mistakes(""));
    assertEquals(new Network.Host(), child("\"network\": \"host\"").network());
  }

  @Test
  void parentsThatAgreeAreNoMistake() {
    parents("\"network\": \"host\"", "  \"network\":   \"host\", \"limits\": {\"pids\": 3}");
    EffectivePolicy policy = child("");
    assertEquals(new Network.Host(), policy.network());
    assertEquals(OptionalLong.of(3), policy.limits().processes());
  }

  @Test
  void pathsInsideAreOneHoweverTheyAreSpelt() {
    parents("\"filesystem\": {\"${home}/x\": {\"bind\": \"/srv/a\"}}");
    EffectivePolicy policy = child("\"filesystem\": {\"/home/alice//x\": {\"tmpfs\": \"1MiB\"}}");
    assertEquals(
        List.of(new Mount.Tmpfs(UnixPath.of("/home/alice/x"), 1 << 20, 0755, true)),
        policy.filesystem());
  }

  @Test
  void aPathIsTakenAwayExplicitly() {
    parents("\"filesystem\": {\"/a\": {\"bind\": \"/srv/a\"}, \"/b\": {\"masked\": true}}");
    EffectivePolicy policy = child("\"filesystem\": {\"/a\": {\"remove\": true}}");
    assertEquals(List.of(), policy.filesystem());
    assertEquals(List.of(UnixPath.of("/b")), policy.maskedPaths());
  }

  @Test
  void variablesOfTheEnvironmentAddUpAndAreTakenAwayExplicitly() {
    parents("\"environment\": {\"pass\": [\"A\", \"B\"], \"set\": {\"C\": \"1\", \"D\": \"2\"}}");
    EffectivePolicy policy =
        child(
            "\"environment\": {\"pass\": [\"E\"], \"set\": {\"C\": \"3\"}, \"remove\": [\"A\","
                + " \"D\"]}");
    assertEquals(List.of("B", "E"), policy.environment().pass());
    assertEquals(Map.of("C", UnixPath.of("3")), policy.environment().set());
  }

  @Test
  void aListOfWordsIsReplacedAsAWhole() {
    parents("\"capabilities\": {\"keep\": [\"CAP_KILL\", \"CAP_CHOWN\"]}");
    assertEquals(
        Set.of(Capability.KILL),
        child("\"capabilities\": {\"keep\": [\"CAP_KILL\"]}").capabilities());
    assertEquals(Set.of(), child("\"capabilities\": {\"keep\": []}").capabilities());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ["landlock"]                    | ["landlock"]        | LANDLOCK
          ["landlock", "memory-limit"]    | ["memory-limit"]    | MEMORY_LIMIT
          ["landlock"]                    | []                  | ``
          """)
  void aChildRequiresMore(String parent, String own, String result) {
    parents("\"bestEffort\": " + parent);
    String names =
        String.join(
            ",", child("\"bestEffort\": " + own).bestEffort().stream().map(Enum::name).toList());
    assertEquals(result, names);
  }

  @Test
  void whatAParentRequiresStaysRequired() {
    parents(
        "\"bestEffort\": [\"landlock\", \"memory-limit\"]",
        "\"bestEffort\": [\"landlock\"], \"limits\": {\"memory\": \"1GiB\"}");
    assertEquals(Set.of(Protection.LANDLOCK), child("").bestEffort());
    assertEquals(
        List.of("$.bestEffort: the parent a1.json requires memory-limit"),
        mistakes("\"bestEffort\": [\"landlock\", \"memory-limit\"]"));
  }

  @Test
  void aLimitIsRequiredByWhoSetsIt() {
    parents("\"bestEffort\": [\"landlock\"]");
    assertEquals(
        Set.of(Protection.MEMORY_LIMIT),
        child("\"limits\": {\"memory\": \"1GiB\"}, \"bestEffort\": [\"memory-limit\"]")
            .bestEffort());
  }

  @Test
  void aParentOfAParentIsAskedToo() {
    files
        .file("/home/alice/project/a0.json", Policies.document("\"network\": \"host\""))
        .file(
            "/home/alice/project/b.json",
            Policies.document("\"extends\": [\"a0.json\"], \"bestEffort\": []"))
        .file(
            "/home/alice/project/p.json",
            Policies.document("\"extends\": [\"b.json\"], \"bestEffort\": [\"landlock\"]"));
    assertEquals(
        List.of("$.bestEffort: the parent b.json requires landlock"),
        Policies.said(Policies.load(files, "./p.json").check(Policies.HOST)));
  }

  @Test
  void aChildGivesAVariableAnotherDefault() {
    parents(
        "\"vars\": {\"cache\": \"m2\"}, \"filesystem\": {\"/c\": {\"bind\": \"/srv/${cache}\"}}");
    assertEquals("/srv/m2", source(child("")));
    assertEquals("/srv/npm", source(child("\"vars\": {\"cache\": \"npm\"}")));
    assertEquals(
        List.of("$.vars.cache: a0.json:1:38 declares it with another type"),
        mistakes("\"vars\": {\"cache\": {\"type\": \"path\", \"default\": \"/etc\"}}"));
  }

  @Test
  void aCallIsDecidedByTheLaterPolicy() {
    parents("\"seccomp\": {\"profile\": \"default\", \"allow\": [\"ptrace\"]}");
    EffectivePolicy policy = child("\"seccomp\": {\"deny\": [\"ptrace\", \"uname\"]}");
    assertEquals("default", policy.seccomp().name());
    SeccompAction no = new SeccompAction.Errno(1);
    assertEquals(
        List.of(List.of(CallRule.always("ptrace", no), CallRule.always("uname", no))),
        policy.seccomp().onTop());
  }

  @Test
  void partsHoldForTheirViewOnly() {
    parents("\"when\": [{\"if\": {\"view\": \"wrap\"}, \"network\": \"host\"}]");
    child("");
    Policy policy = Policies.load(files, "./p.json");
    assertEquals(new Network.Host(), policy.resolve(View.WRAP, Policies.HOST).network());
    assertEquals(new Network.None(), policy.resolve(View.IMAGE, Policies.HOST).network());
  }

  @Test
  void everyValueKnowsWhereItWasWritten() {
    parents("\"network\": \"host\"");
    child("\"limits\": {\"pids\": 7}");
    List<StatedValue> values =
        Policies.load(files, "./p.json").resolution(View.WRAP, Policies.HOST).values();
    Map<String, String> origins = new java.util.HashMap<>();
    values.forEach(
        value ->
            origins.put(
                String.join(".", value.path()),
                value.origin().map(Origin::toString).orElse("default")));
    assertEquals("a0.json:1:40", origins.get("network"));
    assertEquals("./p.json:1:72", origins.get("limits.pids"));
    assertEquals("default", origins.get("root"));
  }

  private static String source(EffectivePolicy policy) {
    return ((Mount.Bind) policy.filesystem().get(0)).source().toString();
  }

  private void parents(String... members) {
    for (int i = 0; i < members.length; i++) {
      files.file("/home/alice/project/a" + i + ".json", Policies.document(members[i]));
    }
    names = new java.util.ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      names.add("\"a" + i + ".json\"");
    }
  }

  private List<String> names = List.of();

  private Policy load(String members) {
    files.file(
        "/home/alice/project/p.json",
        Policies.document(
            "\"extends\": ["
                + String.join(", ", names)
                + "]"
                + (members.isEmpty() ? "" : ", ")
                + members));
    return Policies.load(files, "./p.json");
  }

  private EffectivePolicy child(String members) {
    return load(members).resolve(View.IMAGE, Policies.HOST);
  }

  private List<String> mistakes(String members) {
    return Policies.said(load(members).check(Policies.HOST));
  }
}
