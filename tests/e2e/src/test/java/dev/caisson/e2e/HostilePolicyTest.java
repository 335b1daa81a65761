package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A policy from a checkout tries to show a file that the invoker's ceiling does not, by places that
 * are not where they say, and by what seems to cover it.
 */
class HostilePolicyTest {
  private static final String SECRET = "the-secret-of-the-host";

  @TempDir private Path scratch;
  private Scratch box;
  private Path hidden = Path.of("/");

  @BeforeEach
  void makeTrees() throws IOException {
    box = Scratch.in(scratch);
    hidden = Files.createDirectories(scratch.resolve("outside/data/private"));
    Files.writeString(hidden.resolve("s"), SECRET);
    Files.createDirectories(box.path("dir"));
    Files.createDirectories(box.path("real"));
    Files.createSymbolicLink(box.path("dir/lnk"), Path.of("../real"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "/a": {"tmpfs": "1MiB"}, "/k": {"masked": true}, "/k/m": {"link": "/a"}, "/k/m/p": {"bind": "HIDDEN"} | /a/p/s
          "${cwd}/dir": {"masked": true}, "${cwd}/dir/lnk/b": {"bind": "HIDDEN"} | real/b/s
          "/d": {"bind": "DATA"}, "/d/private": {"link": "x"}                    | /d/private/s
          "/d": {"bind": "DATA"}, "/d/private": {"copy": "/nonexistent"}         | /d/private/s
          "/d": {"bind": "DATA"}, "/d/private": {"bind": "/nonexistent", "optional": true} | /d/private/s
          "/d": {"bind": "DATA"}                                                 | /d/private/s
          """)
  void noPlaceShowsWhatTheCeilingHides(String places, String path) throws IOException {
    String policy = box.policy("\"filesystem\": {" + filled(places) + "}");
    Outcome outcome =
        box.wrap(List.of("--ceiling", ceiling(), "--policy", policy), "cat", path)
            .run()
            .expect(125);
    assertEquals("", outcome.text(), outcome::toString);
    assertFalse(outcome.error().contains(SECRET), outcome::toString);
  }

  @Test
  void withoutACeilingTheBindShowsIt() throws IOException {
    String policy = box.policy("\"filesystem\": {" + filled("\"/d\": {\"bind\": \"DATA\"}") + "}");
    Outcome outcome = box.wrap(List.of("--policy", policy), "cat", "/d/private/s").run().expect(0);
    assertEquals(SECRET, outcome.text());
  }

  @Test
  void aPolicyBringsNoTrustOfItsOwn() throws IOException {
    String policy =
        box.policy("\"images\": {\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
    Outcome outcome =
        box.caisson("policy", "check", "--ceiling", "untrusted", policy).run().expect(125);
    assertTrue(outcome.error().contains("images the trust document is another one"));
  }

  private String ceiling() throws IOException {
    return box.file(
            "ceiling.json",
            "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"], \"filesystem\": {"
                + filled("\"/data\": {\"bind\": \"DATA\"}, \"/data/private\": {\"masked\": true}")
                + "}}")
        .toString();
  }

  private String filled(String places) {
    return places
        .replace("HIDDEN", hidden.toString())
        .replace("DATA", scratch.resolve("outside/data").toString());
  }
}
