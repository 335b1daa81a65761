package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Entries of passwd(5), read as bytes.
 *
 * @param user the login name
 * @param home the home directory; {@link #NO_HOME} where the field is empty or the root, which is
 *     no place to hide
 */
record Passwd(String user, UnixPath home) {
  /** The home of an account that has none, as Debian names it. */
  static final UnixPath NO_HOME = UnixPath.of("/nonexistent");

  private static final int FIELDS = 7;

  /** The first entry with that id. */
  static Optional<Passwd> entryOf(int uid, byte[] file) {
    int start = 0;
    while (start < file.length) {
      int end = start;
      while (end < file.length && file[end] != '\n') {
        end++;
      }
      byte[][] fields = fields(Arrays.copyOfRange(file, start, end));
      if (fields.length == FIELDS && text(fields[2]).equals(Integer.toUnsignedString(uid))) {
        UnixPath home = UnixPath.of(fields[5]);
        return Optional.of(
            new Passwd(
                text(fields[0]),
                home.isAbsolute() && !home.components().isEmpty() ? home : NO_HOME));
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private static byte[][] fields(byte[] line) {
    byte[][] fields = new byte[FIELDS][];
    int start = 0;
    for (int i = 0; i < FIELDS; i++) {
      int end = start;
      while (end < line.length && line[end] != ':') {
        end++;
      }
      if ((i < FIELDS - 1) == (end == line.length)) {
        return new byte[0][];
      }
      fields[i] = Arrays.copyOfRange(line, start, end);
      start = end + 1;
    }
    return fields;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
