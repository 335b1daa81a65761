package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/seccomp.md print what it says. */
class SeccompDocumentTest {
  private static final Path DOCUMENT = Path.of("../../docs/seccomp.md");
  private static final Path MOBY =
      Path.of("../../policy/src/test/resources/seccomp/moby-default.json");
  private static final String PROMPT = "$ caisson ";

  @Test
  void everyExamplePrintsWhatTheDocumentSays(@TempDir Path directory) throws IOException {
    Files.copy(MOBY, directory.resolve("moby-default.json"));
    int examples = 0;
    List<String> lines = Files.readAllLines(DOCUMENT);
    int policy = lines.indexOf("```json");
    int end = policy + lines.subList(policy, lines.size()).indexOf("```");
    Files.write(directory.resolve("sockets.json"), lines.subList(policy + 1, end));
    for (int at = 0; at < lines.size(); at++) {
      if (lines.get(at).startsWith(PROMPT)) {
        StringBuilder expected = new StringBuilder();
        int next = at + 1;
        while (!lines.get(next).startsWith("$ ") && !lines.get(next).equals("```")) {
          expected.append(lines.get(next++)).append('\n');
        }
        String command = lines.get(at).substring(PROMPT.length());
        assertEquals(expected.toString(), run(command, directory), command);
        examples++;
      }
    }
    assertTrue(examples >= 10, examples + " examples");
  }

  /** What a command prints, the notes first, file names as the document has them. */
  private static String run(String command, Path directory) {
    List<UnixPath> words = new ArrayList<>();
    for (String word : command.split(" ", -1)) {
      words.add(UnixPath.of(word.startsWith("./") ? directory + word.substring(1) : word));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Session session = Session.of(InputStream.nullInputStream(), out, err);
    Main.run(words, session);
    session.out().flush();
    String text = err.toString(StandardCharsets.UTF_8) + out.toString(StandardCharsets.UTF_8);
    return text.replace(directory.toString(), ".");
  }
}
