package dev.caisson.engine;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads settings from a git configuration file (git-config(1), "Syntax"). */
final class GitConfiguration {
  private GitConfiguration() {}

  /** user.name and user.email, as far as the file has them; text is held one character a byte. */
  static Map<String, String> identity(byte[] file) {
    return settings(file, "user", Set.of("name", "email"));
  }

  /** core.hooksPath, where the file has it. */
  static Optional<String> hooks(byte[] file) {
    return Optional.ofNullable(settings(file, "core", Set.of("hookspath")).get("core.hookspath"));
  }

  /** Of a section without a subsection; the last value of a name holds. */
  private static Map<String, String> settings(byte[] file, String section, Set<String> names) {
    Map<String, String> found = new LinkedHashMap<>();
    boolean within = false;
    for (String raw : new String(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        int end = line.indexOf(']');
        within = end > 0 && line.substring(1, end).strip().equalsIgnoreCase(section);
        line = end > 0 ? line.substring(end + 1).strip() : "";
      }
      int equals = line.indexOf('=');
      if (!within || equals <= 0) {
        continue;
      }
      String name = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
      if (names.contains(name)) {
        found.put(section + "." + name, value(line.substring(equals + 1).strip()));
      }
    }
    return found;
  }

  /** Without quotes, escapes and a comment. */
  private static String value(String text) {
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && i + 1 < text.length()) {
        i++;
        value.append(text.charAt(i));
      } else if (!quoted && (c == '#' || c == ';')) {
        break;
      } else {
        value.append(c);
      }
    }
    return quoted ? value.toString() : value.toString().stripTrailing();
  }
}
