package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox within a sandbox whose policy lets it be. */
class NestedTest {
  private static final String DISTRIBUTION = Caisson.distribution().toString();

  /** What the policy page says that it takes. */
  private static final String OUTER =
      "\"namespaces\": {\"nestedUser\": true}, \"seccomp\": {\"allow\": [\"@mount\", \"@namespaces\"]},"
          + " \"landlock\": false";

  private static final String INNER = "\"proc\": \"none\", \"namespaces\": {\"nestedUser\": true}";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    // whose ids are mapped to a range, in which there is none to give on
    Scratch.onlyAsRoot(false);
    scratch = Scratch.in(temporary);
  }

  private Outcome within(String outer, String inner) throws IOException {
    Path own = scratch.file("inner.json", developer(inner));
    List<String> command = new ArrayList<>(List.of("env"));
    for (String name : List.of("DATA", "STATE", "CACHE")) {
      command.add("XDG_" + name + "_HOME=/tmp/" + name);
    }
    command.addAll(List.of(DISTRIBUTION + "/bin/caisson", "wrap", "--policy", own.toString()));
    command.addAll(List.of("--", "sh", "-c", "ls -A /proc 2> /dev/null | wc -l; echo inner"));
    return scratch
        .wrap(
            List.of(
                "--policy",
                scratch.file("outer.json", developer(outer)).toString(),
                "--ro-bind",
                DISTRIBUTION),
            command.toArray(String[]::new))
        .run();
  }

  private static String developer(String members) {
    return "{\"apiVersion\": \"caisson/1\", \"extends\": [\"developer\"]"
        + (members.isEmpty() ? "" : ", " + members)
        + "}";
  }

  @Test
  void itRunsWithoutProcAndNeverSeesTheOuterOne() throws IOException {
    assertEquals("0\ninner\n", within(OUTER, INNER).expect(0).text());
  }

  /** The kernel mounts no new /proc where the one that is there is masked. */
  @Test
  void withProcItIsRefused() throws IOException {
    Outcome outcome = within(OUTER, "\"namespaces\": {\"nestedUser\": true}").expect(125);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains("cannot mount /proc"), outcome::toString);
    assertTrue(outcome.error().contains("\"proc\": \"none\""), outcome::toString);
  }

  @Test
  void whatTheOuterFilterRefusesIsNamed() throws IOException {
    Outcome outcome = within("\"namespaces\": {\"nestedUser\": true}", INNER).expect(125);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains("@mount"), outcome::toString);
  }
}
