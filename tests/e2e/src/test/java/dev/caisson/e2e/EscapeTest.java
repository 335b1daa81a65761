package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.e2e.EscapeTable.Attempt;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a hostile program tries, line by line of the table in docs/threat-model.md; and that it
 * succeeds where one defence is off, so that the attempt is known to be one.
 */
class EscapeTest {
  private static final String HEADING = "Escapes that fail";
  private static final int PROMISED = 80;
  private static final int PROMISED_WITHOUT = 20;

  @TempDir private Path temporary;
  private Scratch scratch;
  private Process besieged;

  @BeforeEach
  void aHostWorthEscapingTo() throws IOException {
    Peer.need("python3");
    scratch = Scratch.in(temporary);
    scratch.program("escapes.py");
    scratch.file("input", "read this\n");
    String program = scratch.program("besieged.py").toString();
    besieged = scratch.host("/usr/bin/python3", program, temporary.toString()).start();
    StringBuilder facts = new StringBuilder();
    BufferedReader reader = besieged.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); !"ready=1".equals(line); line = reader.readLine()) {
      facts.append(line).append('\n');
      assertTrue(besieged.isAlive() || line != null, "no host: " + facts);
    }
    scratch.file("facts", facts.toString());
  }

  @AfterEach
  void theHostGoes() throws Exception {
    besieged.getOutputStream().close();
    besieged.waitFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"untrusted", "strict"})
  void everyAttemptFails(String policy) throws IOException {
    Map<String, String> found = tried(policy, "");
    List<Attempt> table = EscapeTable.under(HEADING);
    assertEquals(
        new TreeSet<>(table.stream().map(Attempt::name).toList()),
        found.keySet(),
        "the table and the attempts");
    List<String> others =
        table.stream()
            .filter(attempt -> !attempt.answers().contains(found.get(attempt.name())))
            .filter(attempt -> !isOfAnotherMachine(found.getOrDefault(attempt.name(), "")))
            .map(attempt -> attempt + ": " + found.get(attempt.name()))
            .toList();
    assertEquals(List.of(), others);
  }

  private static boolean isOfAnotherMachine(String answer) {
    return answer.equals("elsewhere") && !System.getProperty("os.arch").equals("amd64");
  }

  @Test
  void theTableIsAsLongAsPromised() throws IOException {
    List<Attempt> table = EscapeTable.under(HEADING);
    assertTrue(table.size() >= PROMISED, table.size() + " attempts");
    assertTrue(
        table.stream().filter(attempt -> !attempt.without().isEmpty()).count() >= PROMISED_WITHOUT);
    // only a few can have another answer than an error, and none succeeds but harmlessly
    assertEquals(
        List.of("kill-reaper"),
        table.stream()
            .filter(attempt -> attempt.answers().contains("done"))
            .map(Attempt::name)
            .toList());
  }

  static List<Map.Entry<String, List<String>>> defences() throws IOException {
    Map<String, List<String>> defences =
        EscapeTable.under(HEADING).stream()
            .filter(attempt -> !attempt.without().isEmpty())
            .collect(
                Collectors.groupingBy(
                    Attempt::without,
                    LinkedHashMap::new,
                    Collectors.mapping(Attempt::name, Collectors.toList())));
    return List.copyOf(defences.entrySet());
  }

  @ParameterizedTest
  @MethodSource("defences")
  void withoutOneDefenceItSucceeds(Map.Entry<String, List<String>> defence) throws IOException {
    String names = String.join(" ", defence.getValue());
    Map<String, String> expected = new TreeMap<>();
    defence.getValue().forEach(name -> expected.put(name, "done"));
    assertEquals(expected, tried(scratch.policy(defence.getKey()), names));
  }

  private Map<String, String> tried(String policy, String names) {
    String run =
        "caisson wrap --policy '" + policy + "' -- /usr/bin/python3 escapes.py facts " + names;
    Outcome outcome =
        scratch.shell(run + " < input").with("CAISSON_TEST_SECRET", "secret").run().expect(0);
    Map<String, String> answers = new TreeMap<>();
    outcome
        .text()
        .lines()
        .forEach(line -> answers.put(line.split(" ", 2)[0], line.split(" ", 2)[1]));
    return answers;
  }
}
