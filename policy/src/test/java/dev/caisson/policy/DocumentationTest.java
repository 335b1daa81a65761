package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/policy.md: its examples are policies, and it leaves no field out. */
class DocumentationTest {
  private static final String START = "```json\n";

  static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    String page = page();
    for (int at = page.indexOf(START); at >= 0; at = page.indexOf(START, at + 1)) {
      examples.add(page.substring(at + START.length(), page.indexOf("```", at + START.length())));
    }
    return examples;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsASoundPolicy(String example) {
    FakeFiles files = new FakeFiles().file("/home/alice/project/p.json", document(example));
    assertEquals(List.of(), Policies.load(files, "./p.json").check(Policies.HOST));
  }

  /** An example, with its version where it leaves that out. */
  static String document(String example) {
    JsonObject json =
        (JsonObject)
            JsonDocument.read("example", example.getBytes(StandardCharsets.UTF_8)).valueOrRefuse();
    return JsonText.line(
        json.get("apiVersion").isPresent()
            ? json
            : JsonText.with(json, "apiVersion", JsonText.text("caisson/1")));
  }

  @Test
  void everyFieldIsOnThePage() throws IOException {
    String page = page();
    for (Field<?> field : Fields.ALL) {
      assertTrue(page.contains("`" + field.path() + "`"), field.path());
    }
    for (String key : DocumentReader.KEYS) {
      assertTrue(page.contains("`" + key + "`"), key);
    }
    for (Protection protection : Protection.values()) {
      assertTrue(page.contains("| `" + Words.of(protection) + "` |"), protection.toString());
    }
  }

  @Test
  void theDefaultsAreThoseOfThePage() {
    EffectivePolicy empty = Policies.effective("");
    assertEquals(EffectivePolicy.RootAccess.READ_ONLY, empty.root());
    assertEquals(EffectivePolicy.ProcView.PID_ONLY, empty.proc());
    assertEquals(new Network.None(), empty.network());
    assertEquals(new User.Root(), empty.process().user());
    assertEquals("caisson", empty.process().hostname());
    assertEquals(022, empty.process().umask());
    assertEquals("strict", empty.seccomp().name());
    assertTrue(empty.landlock().on());
    assertTrue(!empty.namespaces().nestedUser() && !empty.unixSockets());
    assertTrue(empty.capabilities().isEmpty() && empty.devices().isEmpty());
    assertTrue(empty.filesystem().isEmpty() && empty.bestEffort().isEmpty());
    assertTrue(empty.environment().pass().isEmpty() && empty.environment().set().isEmpty());
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/policy.md"));
  }
}
