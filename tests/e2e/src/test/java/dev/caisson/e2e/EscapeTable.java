package dev.caisson.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The attempts that docs/threat-model.md lists. */
final class EscapeTable {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("caisson.checkout", "../..")).resolve("docs/threat-model.md");

  private EscapeTable() {}

  /**
   * A line of it.
   *
   * @param answers what the attempt may get: an error, a signal, or nothing
   * @param without settings of a policy under which it succeeds; empty where there are none
   */
  record Attempt(String name, Set<String> answers, String without) {}

  /** The lines of the table under a heading. */
  static List<Attempt> under(String heading) throws IOException {
    String text = Files.readString(DOCUMENT);
    String section = text.substring(text.indexOf("\n## " + heading + "\n") + 1);
    return section
        .substring(0, section.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(EscapeTable::read)
        .toList();
  }

  private static Attempt read(String line) {
    String[] cells = line.substring(1).split("\\|", -1);
    Set<String> answers =
        Arrays.stream(cells[3].split(",")).map(EscapeTable::code).collect(Collectors.toSet());
    return new Attempt(code(cells[0]), answers, code(cells[4]));
  }

  private static String code(String cell) {
    return cell.replace("`", "").strip();
  }
}
