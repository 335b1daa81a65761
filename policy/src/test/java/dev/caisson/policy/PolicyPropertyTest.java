package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class PolicyPropertyTest {
  @Provide
  Arbitrary<Map<String, String>> policies() {
    return PolicyTexts.members();
  }

  @Provide
  Arbitrary<Map<String, String>> documents() {
    return PolicyTexts.documents();
  }

  @Property(tries = 200)
  void whatIsStatedReadsBackToItself(
      @ForAll("documents") Map<String, String> members, @ForAll View view) {
    Resolution first = Policies.of(PolicyTexts.text(members)).resolution(view, Policies.HOST);
    Resolution again = stated(first).resolution(view, Policies.HOST);
    assertEquals(
        JsonText.line(StatedValue.document(first.values())),
        JsonText.line(StatedValue.document(again.values())));
    assertTrue(withoutUses(first.policy()).equals(withoutUses(again.policy())));
  }

  /** What is stated holds the values of variables, and no longer says that they were used. */
  private static EffectivePolicy withoutUses(EffectivePolicy policy) {
    EffectivePolicy.Environment environment = policy.environment();
    return policy.withEnvironment(
        new EffectivePolicy.Environment(environment.pass(), environment.set()));
  }

  @Property(tries = 100)
  void extendingAPolicyAddsNothing(
      @ForAll("policies") Map<String, String> members, @ForAll View view) {
    FakeFiles files =
        new FakeFiles()
            .file("/home/alice/project/a.json", named(PolicyTexts.text(members)))
            .file("/home/alice/project/p.json", named("\"extends\": [\"a.json\"]"))
            .file("/home/alice/project/q.json", named("\"extends\": [\"a.json\", \"p.json\"]"));
    EffectivePolicy alone = Policies.load(files, "./a.json").resolve(view, Policies.HOST);
    assertEquals(alone, Policies.load(files, "./p.json").resolve(view, Policies.HOST));
    assertEquals(alone, Policies.load(files, "./q.json").resolve(view, Policies.HOST));
  }

  /** Merging is associative: a child over what its parents come to is the child over them. */
  @Property(tries = 100)
  void aChildOfWhatIsShownIsAChildOfThePolicyItself(
      @ForAll("policies") Map<String, String> first,
      @ForAll("policies") Map<String, String> second,
      @ForAll("policies") Map<String, String> third,
      @ForAll View view) {
    // a child that asks for less than its parents require is a mistake of its own
    second.remove("bestEffort");
    third.remove("bestEffort");
    FakeFiles files =
        new FakeFiles()
            .file("/home/alice/project/a.json", named(PolicyTexts.text(first)))
            .file("/home/alice/project/b.json", named(extending(PolicyTexts.text(second), "a")))
            .file("/home/alice/project/c.json", named(extending(PolicyTexts.text(third), "b")));
    Resolution both = Policies.load(files, "./b.json").resolution(view, Policies.HOST);
    files
        .file("/home/alice/project/s.json", JsonText.indented(StatedValue.document(both.values())))
        .file("/home/alice/project/d.json", named(extending(PolicyTexts.text(third), "s")));
    EffectivePolicy merged = Policies.load(files, "./c.json").resolve(view, Policies.HOST);
    EffectivePolicy shown = Policies.load(files, "./d.json").resolve(view, Policies.HOST);
    assertEquals(List.of(), PermissionOrder.excess(withoutUses(merged), withoutUses(shown)));
    assertEquals(List.of(), PermissionOrder.excess(withoutUses(shown), withoutUses(merged)));
  }

  @Property(tries = 100)
  void whatTheChildSetsCounts(
      @ForAll("policies") Map<String, String> parent,
      @ForAll("policies") Map<String, String> child,
      @ForAll View view) {
    // a child that asks for less than its parents require is a mistake of its own
    child.remove("bestEffort");
    FakeFiles files =
        new FakeFiles()
            .file("/home/alice/project/a.json", named(PolicyTexts.text(parent)))
            .file("/home/alice/project/c.json", named(PolicyTexts.text(child)))
            .file("/home/alice/project/p.json", named(extending(PolicyTexts.text(child), "a")));
    EffectivePolicy alone = Policies.load(files, "./c.json").resolve(view, Policies.HOST);
    EffectivePolicy merged = Policies.load(files, "./p.json").resolve(view, Policies.HOST);
    if (child.containsKey("network")) {
      assertEquals(alone.network(), merged.network());
    }
    if (child.containsKey("devices")) {
      assertEquals(alone.devices(), merged.devices());
    }
    for (Mount mount : alone.filesystem()) {
      assertTrue(merged.filesystem().contains(mount), mount::toString);
    }
    for (Map.Entry<String, dev.caisson.UnixPath> set : alone.environment().set().entrySet()) {
      assertEquals(set.getValue(), merged.environment().set().get(set.getKey()));
    }
  }

  @Property(tries = 100)
  void theOrderOfParentsThatAgreeDoesNotMatter(
      @ForAll("policies") Map<String, String> one,
      @ForAll("policies") Map<String, String> other,
      @ForAll View view) {
    Map<String, String> rest = new LinkedHashMap<>(other);
    rest.keySet().removeAll(one.keySet());
    FakeFiles files =
        new FakeFiles()
            .file("/home/alice/project/a.json", named(PolicyTexts.text(one)))
            .file("/home/alice/project/b.json", named(PolicyTexts.text(rest)))
            .file("/home/alice/project/p.json", named(extending("", "a", "b")))
            .file("/home/alice/project/q.json", named(extending("", "b", "a")));
    assertEquals(
        Policies.load(files, "./p.json").resolve(view, Policies.HOST),
        Policies.load(files, "./q.json").resolve(view, Policies.HOST));
  }

  @Property(tries = 200)
  void aChildNeverDoesWithoutWhatAParentRequires(
      @ForAll Set<Protection> one, @ForAll Set<Protection> other, @ForAll Set<Protection> own) {
    String limits =
        ", \"limits\": {\"memory\": \"1GiB\", \"swap\": 0, \"cpus\": 1, \"ioRead\": \"1MiB\"}";
    FakeFiles files =
        new FakeFiles()
            .file("/home/alice/project/a.json", named(bestEffort(one) + limits))
            .file("/home/alice/project/b.json", named(bestEffort(other) + limits))
            .file(
                "/home/alice/project/p.json", named(extending(bestEffort(own) + limits, "a", "b")));
    Policy policy = Policies.load(files, "./p.json");
    boolean more = !one.containsAll(own) || !other.containsAll(own);
    assertEquals(more, !policy.check(Policies.HOST).isEmpty());
    if (!more) {
      assertEquals(own, policy.resolve(View.WRAP, Policies.HOST).bestEffort());
    }
  }

  @Property(tries = 500)
  void noDocumentBreaksTheReader(
      @ForAll("policies") Map<String, String> members,
      @ForAll @IntRange(min = 0, max = 1000) int place,
      @ForAll("scraps") String scrap,
      @ForAll @IntRange(min = 0, max = 9) int removed) {
    String text = named(PolicyTexts.text(members));
    int at = place % text.length();
    String broken =
        text.substring(0, at) + scrap + text.substring(Math.min(text.length(), at + removed));
    FakeFiles files = new FakeFiles().file("/home/alice/project/p.json", broken);
    try {
      for (PolicyProblem problem : Policies.load(files, "./p.json").check(Policies.HOST)) {
        assertEquals("./p.json", problem.origin().source());
      }
    } catch (PolicyRefusal refusal) {
      assertTrue(!refusal.problems().isEmpty(), refusal::getMessage);
    }
  }

  @Provide
  Arbitrary<String> scraps() {
    return Arbitraries.of(
        "",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "true",
        "7",
        "-1e999",
        "\"x\"",
        "{}",
        "[]",
        "\"a\":",
        "${",
        "\\u0000",
        "\0",
        "\ud83d\ude00",
        "\n");
  }

  @Property
  void aTextIsItsOwnLiteral(@ForAll @StringLength(max = 20) String text) {
    if (text.indexOf('\0') >= 0 || text.codePoints().anyMatch(c -> c >= 0xd800 && c < 0xe000)) {
      return;
    }
    Template literal = Template.literal(text);
    assertEquals(java.util.Optional.empty(), literal.mistake());
    assertEquals(
        dev.caisson.UnixPath.of(text),
        new Variables(Policies.HOST).text(literal).value().orElseThrow());
  }

  @Property
  void aTextOfDollarsAndBracesIsItsOwnLiteral(@ForAll("dollars") String text) {
    aTextIsItsOwnLiteral(text);
  }

  @Provide
  Arbitrary<String> dollars() {
    return Arbitraries.strings().withChars("${}a").ofMaxLength(12);
  }

  @Property
  void anAmountIsWrittenAsItIsRead(@ForAll Unit unit, @ForAll int number) {
    long amount = Math.max(1, Math.abs((long) number));
    assertEquals(amount, unit.amount(unit.write(amount)).orElseThrow());
  }

  private static Policy stated(Resolution resolution) {
    JsonValue document = StatedValue.document(resolution.values());
    FakeFiles files =
        new FakeFiles().file("/home/alice/project/p.json", JsonText.indented(document));
    return Policies.load(files, "./p.json");
  }

  private static String named(String members) {
    return Policies.document("\"name\": \"n\"" + (members.isEmpty() ? "" : ", ") + members);
  }

  private static String extending(String members, String... parents) {
    List<String> names = java.util.Arrays.stream(parents).map(p -> "\"" + p + ".json\"").toList();
    return "\"extends\": ["
        + String.join(", ", names)
        + "]"
        + (members.isEmpty() ? "" : ", ")
        + members;
  }

  private static String bestEffort(Set<Protection> protections) {
    return "\"bestEffort\": ["
        + String.join(", ", protections.stream().map(p -> "\"" + Words.of(p) + "\"").toList())
        + "]";
  }
}
