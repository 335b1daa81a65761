package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySchemaTest {
  private static final Path SHIPPED =
      Path.of(
          "../seccomp-profiles/src/main/resources/dev/caisson/profiles/policies/policy.schema.json");

  @Test
  void theSchemaThatComesWithCaissonIsMadeFromTheFields() throws IOException {
    String made = JsonText.indented(PolicySchema.document()) + "\n";
    if (Boolean.getBoolean("caisson.schema.write")) {
      Files.writeString(SHIPPED, made);
    }
    assertTrue(
        made.equals(Files.readString(SHIPPED)),
        "a field changed. In the checkout: mvn -B -q -Dquick -pl policy -am test"
            + " -Dtest=PolicySchemaTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -DargLine=-Dcaisson.schema.write=true");
  }

  @Test
  void everyFieldOfThePageIsInIt() throws IOException {
    String page = Files.readString(Path.of("../docs/policy.md"));
    String fields = page.substring(page.indexOf("\n## The head"), page.indexOf("\n## Variables"));
    int seen = 0;
    for (String line : fields.lines().filter(line -> line.startsWith("| `")).toList()) {
      String name = line.substring(3, line.indexOf('`', 3));
      for (String part : name.split("\\.", -1)) {
        assertTrue(PolicySchema.shipped().contains("\"" + part + "\""), name);
        seen++;
      }
    }
    assertTrue(seen > 50, "rows: " + seen);
  }

  @Test
  void itIsASchema() {
    assertEquals(List.of(), Validator.mistakesOfTheSchema());
  }

  @ParameterizedTest
  @ValueSource(strings = {"strict", "untrusted", "developer"})
  void itTakesTheBuiltInPolicies(String name) {
    Policy policy = Policies.load(new FakeFiles(), name);
    assertEquals(List.of(), Validator.mistakes(JsonText.line(policy.written())));
  }

  @ParameterizedTest
  @MethodSource("dev.caisson.policy.DocumentationTest#examples")
  void itTakesTheExamplesOfTheDocumentation(String example) {
    assertEquals(List.of(), Validator.mistakes(DocumentationTest.document(example)));
  }

  @Provide
  Arbitrary<Map<String, String>> policies() {
    return PolicyTexts.documents();
  }

  @Property(tries = 300)
  void whateverTheReaderTakesTheSchemaTakes(@ForAll("policies") Map<String, String> members) {
    String document = Policies.document(PolicyTexts.text(members));
    assertEquals(List.of(), Policies.mistakes(PolicyTexts.text(members)));
    assertEquals(List.of(), Validator.mistakes(document));
  }

  @Provide
  Arbitrary<String> broken() {
    return BrokenTexts.documents();
  }

  /** And what the schema alone lets through is on the list of docs/policy.md. */
  @Property(tries = 1000)
  void whatTheSchemaRefusesTheReaderRefuses(@ForAll("broken") String document) {
    List<String> bySchema = Validator.mistakes(document);
    List<String> byReader = BeyondTheSchema.mistakes(document);
    assertFalse(!bySchema.isEmpty() && byReader.isEmpty(), () -> document + bySchema);
    if (bySchema.isEmpty()) {
      for (String mistake : byReader) {
        assertTrue(BeyondTheSchema.isListed(mistake), () -> mistake + " in " + document);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.caisson.policy.BeyondTheSchema#all")
  void whatASchemaCannotSayTheReaderRefuses(BeyondTheSchema.Limit limit) {
    assertEquals(List.of(), Validator.mistakes(limit.document()));
    List<String> mistakes = limit.mistakes();
    assertTrue(mistakes.stream().anyMatch(m -> m.contains(limit.said())), mistakes::toString);
  }

  @Test
  void whatASchemaCannotSayIsOnThePage() throws IOException {
    String page = Files.readString(Path.of("../docs/policy.md"));
    for (BeyondTheSchema.Limit limit : BeyondTheSchema.all()) {
      assertTrue(page.contains("| " + limit.name() + " |"), limit.name());
    }
  }
}
