package dev.caisson.policy.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The lines of a table file, fields parted by tabs, those that start with # left out. */
final class TableLines {
  private final String text;
  private int start;
  private int end = -1;

  private TableLines(String text) {
    this.text = text;
  }

  static TableLines of(String file) {
    return new TableLines(resource("syscalls/" + file));
  }

  /** The text of a file of the profiles module; the file is part of the build. */
  static String resource(String file) {
    String path = "/dev/caisson/profiles/" + file;
    try (InputStream in = TableLines.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the profiles module lacks " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  boolean next() {
    do {
      start = end + 1;
      if (start >= text.length()) {
        return false;
      }
      end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
    } while (text.charAt(start) == '#');
    return true;
  }

  /** Field {@code index} of this line, empty where the line has fewer. */
  String text(int index) {
    int from = start;
    for (int i = 0; i < index; i++) {
      int tab = text.indexOf('\t', from);
      if (tab < 0 || tab >= end) {
        return "";
      }
      from = tab + 1;
    }
    int tab = text.indexOf('\t', from);
    return text.substring(from, tab < 0 || tab > end ? end : tab);
  }

  int number(int index) {
    return Integer.parseInt(text(index));
  }
}
