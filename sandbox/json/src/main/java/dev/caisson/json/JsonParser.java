package dev.caisson.json;

import dev.caisson.Printable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one document, recording duplicates and going on, and stopping at the first syntax error.
 */
final class JsonParser {
  private static final class Stop extends Exception {
    Stop() {
      super(null, null, false, false);
    }
  }

  private static final char BYTE_ORDER_MARK = 0xfeff;

  private final String source;
  private final JsonLimits limits;
  private final List<JsonProblem> problems = new ArrayList<>();
  private final List<String> path = new ArrayList<>(List.of("$"));
  private String text = "";
  private int at;
  private int line = 1;
  private int column = 1;

  JsonParser(String source, byte[] bytes, JsonLimits limits) {
    this.source = source;
    this.limits = limits;
    if (bytes.length > limits.bytes()) {
      problem("the document has more than " + limits.bytes() + " bytes, which is too long");
      return;
    }
    text = decode(bytes);
    if (peek() == BYTE_ORDER_MARK) {
      problem("the document starts with a byte order mark; save it as UTF-8 without one");
    }
  }

  /** The text, or a problem at the first byte that is no UTF-8. */
  private String decode(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    boolean sound = !decoder.decode(in, decoded, true).isError();
    String result = decoded.flip().toString();
    if (sound) {
      return result;
    }
    text = result;
    while (at < text.length()) {
      at += Character.charCount(text.codePointAt(at)) - 1;
      next();
    }
    problem("the document is not UTF-8 from here on; save it as UTF-8");
    return "";
  }

  JsonDocument document() {
    if (!problems.isEmpty()) {
      return new JsonDocument(source, Optional.empty(), problems);
    }
    Optional<JsonValue> root = Optional.empty();
    try {
      skipSpace();
      JsonValue value = value(0);
      root = Optional.of(value);
      skipSpace();
      if (at < text.length()) {
        throw stop("expected the end of the document, found " + found());
      }
    } catch (Stop recorded) {
      root = problems.isEmpty() ? root : Optional.empty();
    }
    return new JsonDocument(source, root, problems);
  }

  private JsonValue value(int depth) throws Stop {
    if (depth > limits.depth()) {
      throw stop("nested deeper than " + limits.depth() + " levels");
    }
    if (at >= text.length()) {
      throw stop("expected a value, found the end of the document");
    }
    Position start = position();
    return switch (text.charAt(at)) {
      case '{' -> object(start, depth);
      case '[' -> array(start, depth);
      case '"' -> new JsonString(start, string());
      case 't' -> new JsonBoolean(start, literal("true"));
      case 'f' -> new JsonBoolean(start, !literal("false"));
      case 'n' -> {
        literal("null");
        yield new JsonNull(start);
      }
      default -> number(start);
    };
  }

  private JsonObject object(Position start, int depth) throws Stop {
    List<JsonObject.Member> members = new ArrayList<>();
    Set<String> names = new HashSet<>();
    next();
    skipSpace();
    if (peek() == '}') {
      next();
      return new JsonObject(start, members);
    }
    while (true) {
      Position namePosition = position();
      if (peek() != '"') {
        throw stop("expected a member's name in double quotes, found " + found());
      }
      String name = string();
      path.add(JsonPath.member("", name));
      if (!names.add(name)) {
        problems.add(
            new JsonProblem(namePosition, String.join("", path), "the name is given twice"));
      }
      skipSpace();
      expect(':');
      skipSpace();
      members.add(new JsonObject.Member(name, namePosition, value(depth + 1)));
      path.remove(path.size() - 1);
      skipSpace();
      if (peek() == '}') {
        next();
        return new JsonObject(start, members);
      }
      if (endsAfterComma('}')) {
        return new JsonObject(start, members);
      }
    }
  }

  private JsonArray array(Position start, int depth) throws Stop {
    List<JsonValue> elements = new ArrayList<>();
    next();
    skipSpace();
    if (peek() == ']') {
      next();
      return new JsonArray(start, elements);
    }
    while (true) {
      path.add("[" + elements.size() + "]");
      elements.add(value(depth + 1));
      path.remove(path.size() - 1);
      skipSpace();
      if (peek() == ']') {
        next();
        return new JsonArray(start, elements);
      }
      if (endsAfterComma(']')) {
        return new JsonArray(start, elements);
      }
    }
  }

  private JsonNumber number(Position start) throws Stop {
    int begin = at;
    if (peek() == '-') {
      next();
    }
    if (peek() == '0') {
      next();
    } else if (!digits()) {
      throw stop("expected a value, found " + found());
    }
    if (peek() == '.') {
      next();
      if (!digits()) {
        throw stop("expected a digit after the decimal point, found " + found());
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      next();
      if (peek() == '+' || peek() == '-') {
        next();
      }
      if (!digits()) {
        throw stop("expected a digit in the exponent, found " + found());
      }
    }
    return new JsonNumber(start, text.substring(begin, at));
  }

  private boolean digits() {
    int begin = at;
    while (peek() >= '0' && peek() <= '9') {
      next();
    }
    return at > begin;
  }

  private String string() throws Stop {
    StringBuilder out = new StringBuilder();
    next();
    while (true) {
      if (at >= text.length()) {
        throw stop("the string is not closed");
      }
      char c = text.charAt(at);
      if (c == '"') {
        if (hasLoneSurrogate(out)) {
          throw stop("the string holds half of a surrogate pair, which is no character");
        }
        next();
        return out.toString();
      }
      if (c < 0x20) {
        throw stop(String.format("a control character (U+%04X) stands in a string", (int) c));
      }
      if (c == '\\') {
        next();
        out.append(escape());
      } else {
        int codePoint = text.codePointAt(at);
        out.appendCodePoint(codePoint);
        at += Character.charCount(codePoint);
        column++;
      }
    }
  }

  private static boolean hasLoneSurrogate(CharSequence string) {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < string.length()
          && Character.isLowSurrogate(string.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private char escape() throws Stop {
    int at0 = "\"\\/bfnrt".indexOf(peek());
    if (at < text.length() && at0 >= 0) {
      next();
      return "\"\\/\b\f\n\r\t".charAt(at0);
    }
    if (peek() != 'u') {
      throw stop("unknown escape, found " + found());
    }
    next();
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw stop("expected four hexadecimal digits, found " + found());
      }
      value = value * 16 + digit;
      next();
    }
    return (char) value;
  }

  private boolean literal(String word) throws Stop {
    if (!text.startsWith(word, at)) {
      throw stop("expected a value, found " + found());
    }
    for (int i = 0; i < word.length(); i++) {
      next();
    }
    return true;
  }

  /** Takes the comma between two elements; one before the closing bracket is a mistake. */
  private boolean endsAfterComma(char closing) throws Stop {
    if (peek() != ',') {
      throw stop("expected ',' or '" + closing + "', found " + found());
    }
    Position comma = position();
    next();
    skipSpace();
    if (peek() != closing) {
      return false;
    }
    String message = "a comma stands before the closing '" + closing + "'; take it out";
    problems.add(new JsonProblem(comma, String.join("", path), message));
    next();
    return true;
  }

  private void expect(char c) throws Stop {
    if (peek() != c) {
      throw stop("expected '" + c + "', found " + found());
    }
    next();
  }

  private void skipSpace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      next();
    }
  }

  /** The next character, or NUL at the end: no JSON token starts with it. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void next() {
    if (text.charAt(at) == '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
    at++;
  }

  private Position position() {
    return new Position(line, column);
  }

  private String found() {
    return at < text.length()
        ? Printable.of("'" + Character.toString(text.codePointAt(at)) + "'") + noComment()
        : "the end of the document";
  }

  private String noComment() {
    char c = text.charAt(at);
    return c == '/' || c == '#' ? "; JSON has no comments" : "";
  }

  private void problem(String message) {
    problems.add(new JsonProblem(position(), String.join("", path), message));
  }

  private Stop stop(String message) {
    problem(message);
    return new Stop();
  }
}
