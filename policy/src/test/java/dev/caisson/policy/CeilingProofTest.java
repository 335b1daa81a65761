package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ceilings of parents and of whoever starts a policy, on every host that conditions tell apart. */
class CeilingProofTest {
  private final FakeFiles files = new FakeFiles();

  @Test
  void aCeilingBoundsWhatExtendsItThreeLevelsDown() {
    file("team", "\"ceiling\": {\"network\": \"none\", \"limits\": {\"pids\": 9}}");
    file("base", "\"extends\": [\"team.json\"], \"limits\": {\"pids\": 5}");
    file("app", "\"extends\": [\"base.json\"]");
    file("p", "\"extends\": [\"app.json\"], \"network\": \"host\", \"limits\": {\"pids\": 10}");
    assertEquals(
        List.of(
            "beyond the ceiling team.json:1:40: network is host, not none",
            "beyond the ceiling team.json:1:40: limits.pids is 10, not 9"),
        excess("p"));
    assertEquals(List.of(), excess("app"));
  }

  @Test
  void aCeilingDoesNotBoundThePolicyThatHasIt() {
    file("p", "\"network\": \"host\", \"ceiling\": {\"network\": \"none\"}");
    assertEquals(List.of(), excess("p"));
  }

  @Test
  void theCeilingsOfAllParentsHoldTogether() {
    file("a", "\"ceiling\": {\"network\": \"private\"}");
    file("b", "\"ceiling\": {\"devices\": [\"null\"]}");
    file(
        "p",
        "\"extends\": [\"a.json\", \"b.json\"], \"network\": \"host\", \"devices\": [\"tty\"]");
    assertEquals(
        List.of(
            "beyond the ceiling a.json:1:40: network is host, not private",
            "beyond the ceiling b.json:1:40: devices lists tty"),
        excess("p"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "kernel": "<6.7"                      | on Linux before 6.7: network is host, not none
          "kernel": ">=6.7"                     | on Linux from 6.7 on: network is host, not none
          "kernel": "==6.7"                     | on Linux from 6.7 on, before 6.8: network is host, not none
          "kernel": "<5.12", "view": "wrap"     | ``
          "arch": "aarch64"                     | on aarch64: network is host, not none
          "arch": "aarch64", "kernel": "<6.1"   | on Linux before 6.1, on aarch64: network is host, not none
          "feature": "landlock-tcp"             | with Landlock ABI 4: network is host, not none
          "feature": "tmpfs-xattr"              | with tmpfs-xattr: network is host, not none
          "view": "wrap"                        | network is host, not none (by wrap)
          "capability": "CAP_KILL"              | ``
          "kernel": [">=6.7", "<6.7"]           | network is host, not none
          """)
  void aViolationOnAnotherHostIsFoundAndNamed(String condition, String said) {
    file("c", "\"network\": \"none\"");
    file("p", "\"when\": [{\"if\": {" + condition + "}, \"network\": \"host\"}]");
    assertEquals(
        said.isEmpty() ? List.of() : List.of("beyond the ceiling ./c.json: " + said),
        excess("p", "c"));
  }

  @Test
  void conditionsOfParentsAndOfTheCeilingCountToo() {
    file("c", "\"when\": [{\"if\": {\"kernel\": \">=6.1\"}, \"network\": \"none\"}]");
    file("a", "\"when\": [{\"if\": {\"kernel\": \"<6.7\"}, \"network\": \"host\"}]");
    file("p", "\"extends\": [\"a.json\"]");
    assertEquals(
        List.of(
            "beyond the ceiling ./c.json: on Linux from 6.1 on, before 6.7: network is host, not"
                + " none"),
        excess("p", "c"));
  }

  @Test
  void tooManyHostsAreUndecidedAndRefused() {
    String parts =
        IntStream.range(0, 1100)
            .mapToObj(i -> "{\"if\": {\"kernel\": \">=" + (7 + i / 100) + "." + i % 100 + "\"}}")
            .collect(Collectors.joining(", "));
    file("c", "\"network\": \"none\"");
    file(
        "p",
        "\"when\": ["
            + parts
            + ", {\"if\": {\"arch\": \"aarch64\"}}, {\"if\": {\"feature\": \"landlock\"}}]");
    PolicyRefusal refusal = assertThrows(PolicyRefusal.class, () -> excess("p", "c"));
    assertTrue(refusal.why().endsWith("undecided"), refusal::getMessage);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"netwrok": "none"}                                    | $.ceiling.netwrok: no such key; did you mean network?
          {"network": 7}                                         | $.ceiling.network: expected none, host, private or an object, found a number
          {"bestEffort": []}                                     | $.ceiling.bestEffort: no such key
          []                                                     | $.ceiling: expected an object, found an array
          {"filesystem": {"/a": {"bind": "/srv/${cache}"}}}      | $.ceiling.filesystem["/a"].bind: the variable "cache" is not set
          {"filesystem": {"/a": {"bind": "/srv/${env:LANG}"}}}   | $.ceiling: it uses ${env:...}, and what bounds others must not depend on them
          """)
  void aCeilingsMistakesAreFound(String ceiling, String said) {
    String members = "\"vars\": {\"cache\": \"m2\"}, \"ceiling\": " + ceiling;
    assertEquals(List.of(said), Policies.mistakes(members));
    file("a", members);
    file("p", "\"extends\": [\"a.json\"]");
    assertEquals(
        List.of(said), Policies.said(Policies.load(files, "./p.json").check(Policies.HOST)));
  }

  /** The proof finds what looking at every kernel finds. */
  @Property(tries = 200)
  void everyKernelIsLookedAt(
      @ForAll @IntRange(max = 20) int opened,
      @ForAll @IntRange(max = 20) int closed,
      @ForAll @IntRange(max = 20) int bounded) {
    String condition = "{\"if\": {\"kernel\": \"%s6.%d\"}, \"network\": \"%s\"}";
    file(
        "p",
        "\"when\": ["
            + condition.formatted(">=", opened, "host")
            + ", "
            + condition.formatted("==", closed, "none")
            + "]");
    file("c", "\"when\": [" + condition.formatted("<", bounded, "none") + "]");
    boolean violated = false;
    for (int minor = 0; minor <= 21; minor++) {
      violated |= minor >= opened && minor != closed && minor < bounded;
    }
    assertEquals(violated, !excess("p", "c").isEmpty());
  }

  private void file(String name, String members) {
    files.file("/home/alice/project/" + name + ".json", Policies.document(members));
  }

  private List<String> excess(String policy, String... ceilings) {
    List<Policy> bounds = new ArrayList<>();
    for (String ceiling : ceilings) {
      bounds.add(Policies.load(files, "./" + ceiling + ".json"));
    }
    return CeilingProof.excess(
        Policies.load(files, "./" + policy + ".json"), bounds, Policies.HOST, p -> p);
  }
}
