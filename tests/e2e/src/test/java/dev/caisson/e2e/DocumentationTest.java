package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the documents show is what happens: each fenced block of kind {@code console} is typed into
 * a shell, and what comes back is compared; {@code ...} stands for anything. A block of kind {@code
 * java} is the file {@code Example.java} there.
 */
class DocumentationTest {
  private static final Path CHECKOUT = Path.of(System.getProperty("caisson.checkout", "../.."));
  private static final String END = "\u0001";

  @TempDir private Path scratch;

  /** What is typed after the prompt, and what the document shows after it. */
  private record Exchange(String typed, String shown) {}

  @ParameterizedTest
  @ValueSource(
      strings = {"README.md", "docs/architecture.md", "docs/library.md", "docs/threat-model.md"})
  void everySessionHappensAsShown(String document) throws IOException {
    List<String> lines = Files.readAllLines(CHECKOUT.resolve(document));
    List<List<Exchange>> sessions = sessions(lines);
    assertTrue(sessions.size() > 0, "no session");
    for (List<Exchange> session : sessions) {
      happensAsShown(session, lines);
    }
  }

  /** There each block goes on where the one before it ended. */
  @Test
  void theSessionOfSigningHappensAsShown() throws IOException {
    Peer.need("busybox", "openssl", "skopeo");
    List<String> lines = Files.readAllLines(CHECKOUT.resolve("docs/signing.md"));
    happensAsShown(sessions(lines).stream().flatMap(List::stream).toList(), lines);
  }

  private void happensAsShown(List<Exchange> session, List<String> lines) throws IOException {
    Path directory = Files.createTempDirectory(scratch, "session");
    if (lines.contains("```java")) {
      Files.write(directory.resolve("Example.java"), block(lines, "```java"));
    }
    List<String> printed = type(session, directory);
    assertEquals(session.size(), printed.size(), printed::toString);
    for (int i = 0; i < printed.size(); i++) {
      Exchange exchange = session.get(i);
      String actual = printed.get(i);
      assertTrue(
          pattern(exchange.shown()).matcher(actual).matches(),
          () -> "$ " + exchange.typed() + "\n" + actual + "\nwhere shown was\n" + exchange);
    }
  }

  @Test
  void theReadmeHasExactlyTwoSetUpCommands() throws IOException {
    List<String> commands = block(Files.readAllLines(CHECKOUT.resolve("README.md")), "```sh");
    assertEquals(2, commands.size());
    assertTrue(commands.get(0).startsWith("./caisson run hello"), commands::toString);
    assertTrue(commands.get(1).startsWith("mvn -B verify"), commands::toString);
  }

  /** Types all lines of a session into one shell and takes its output apart. */
  private List<String> type(List<Exchange> session, Path directory) throws IOException {
    StringBuilder script = new StringBuilder("status=0\n");
    for (Exchange exchange : session) {
      script
          .append("(exit $status)\n")
          .append(exchange.typed())
          .append("\nstatus=$?; printf '")
          .append(END)
          .append("'\n");
    }
    for (Path each : List.of(scratch, directory)) {
      // root's sandboxes run with other ids
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path home = Files.createDirectories(scratch.resolve("home"));
    Outcome outcome =
        Command.of("bash", "-c", "exec 2>&1\n" + script)
            .with("HOME", home.toString())
            .with("PATH", Caisson.distribution().resolve("bin") + ":" + System.getenv("PATH"))
            .without("JAVA_HOME")
            .in(directory)
            .run()
            .expect(0);
    List<String> printed = new ArrayList<>();
    for (String part : outcome.text().split(END, -1)) {
      // root's runs say in a note which range of ids they take
      printed.add(part.replaceAll("(?m)^caisson: started by root: .*\n", ""));
    }
    assertEquals("", printed.remove(printed.size() - 1));
    return printed;
  }

  private static Pattern pattern(String shown) {
    List<String> quoted = new ArrayList<>();
    // a line of nothing but dots may stand for no line at all
    for (String piece : shown.replaceAll("(?m)^\\.\\.\\.\n", "...").split("\\.\\.\\.", -1)) {
      quoted.add(Pattern.quote(piece));
    }
    return Pattern.compile(String.join(".*", quoted), Pattern.DOTALL);
  }

  private static List<List<Exchange>> sessions(List<String> lines) {
    List<List<Exchange>> sessions = new ArrayList<>();
    List<String> rest = lines;
    while (rest.contains("```console")) {
      rest = rest.subList(rest.indexOf("```console"), rest.size());
      List<String> block = block(rest, "```console");
      sessions.add(exchanges(block));
      rest = rest.subList(block.size() + 1, rest.size());
    }
    return sessions;
  }

  private static List<String> block(List<String> lines, String fence) {
    List<String> after = lines.subList(lines.indexOf(fence) + 1, lines.size());
    return after.subList(0, after.indexOf("```"));
  }

  private static List<Exchange> exchanges(List<String> block) {
    List<Exchange> exchanges = new ArrayList<>();
    for (String line : block) {
      if (line.startsWith("$ ")) {
        exchanges.add(new Exchange(line.substring(2), ""));
      } else if (line.startsWith("> ")) {
        // a shell asks so for the rest of what is typed
        Exchange last = exchanges.remove(exchanges.size() - 1);
        exchanges.add(new Exchange(last.typed() + "\n" + line.substring(2), ""));
      } else {
        Exchange last = exchanges.remove(exchanges.size() - 1);
        exchanges.add(new Exchange(last.typed(), last.shown() + line + "\n"));
      }
    }
    return exchanges;
  }
}
