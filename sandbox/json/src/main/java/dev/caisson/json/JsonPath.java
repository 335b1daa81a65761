package dev.caisson.json;

import dev.caisson.Printable;

/** How messages write places in a tree, {@code $.filesystem["/work"].access}, and its texts. */
public final class JsonPath {
  /** More of a text than this tells a reader nothing. */
  private static final int LONGEST = 60;

  private JsonPath() {}

  /** The path of the member {@code name} of the object at {@code path}. */
  public static String member(String path, String name) {
    boolean plain = !name.isEmpty() && name.length() <= LONGEST;
    for (int i = 0; i < name.length() && plain; i++) {
      char c = name.charAt(i);
      plain = c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    return plain ? path + "." + name : path + "[" + quoted(name) + "]";
  }

  /** A text of a document in double quotes, printable and not too long. */
  public static String quoted(String text) {
    int end = text.codePointCount(0, text.length()) <= LONGEST ? text.length() : cut(text);
    return "\"" + Printable.of(text.substring(0, end)) + (end < text.length() ? "..." : "") + "\"";
  }

  private static int cut(String text) {
    return text.offsetByCodePoints(0, LONGEST);
  }
}
