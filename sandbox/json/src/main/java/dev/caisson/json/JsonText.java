package dev.caisson.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes JSON, and makes values that were in no document. */
public final class JsonText {
  private static final Position NOWHERE = new Position(1, 1);

  private final StringBuilder out = new StringBuilder();
  private final boolean indented;
  private int depth;

  private JsonText(boolean indented) {
    this.indented = indented;
  }

  /** {@code value} as UTF-8, without spaces. */
  public static byte[] bytes(JsonValue value) {
    return line(value).getBytes(StandardCharsets.UTF_8);
  }

  /** {@code value} without spaces. */
  public static String line(JsonValue value) {
    return new JsonText(false).write(value);
  }

  /** {@code value} indented by two spaces, without a line's end behind it. */
  public static String indented(JsonValue value) {
    return new JsonText(true).write(value);
  }

  public static JsonString text(String value) {
    return new JsonString(NOWHERE, value);
  }

  public static JsonNumber number(long value) {
    return new JsonNumber(NOWHERE, Long.toString(value));
  }

  /** {@code value} divided by ten to the {@code places}, without needless zeros. */
  public static JsonNumber number(long value, int places) {
    String literal = BigDecimal.valueOf(value, places).stripTrailingZeros().toPlainString();
    return new JsonNumber(NOWHERE, literal);
  }

  public static JsonBoolean flag(boolean value) {
    return new JsonBoolean(NOWHERE, value);
  }

  public static JsonArray array(List<? extends JsonValue> elements) {
    return new JsonArray(NOWHERE, List.copyOf(elements));
  }

  public static JsonArray texts(List<String> values) {
    return array(values.stream().map(JsonText::text).toList());
  }

  public static JsonObject object(Map<String, ? extends JsonValue> members) {
    List<JsonObject.Member> list = new ArrayList<>();
    members.forEach((name, value) -> list.add(new JsonObject.Member(name, NOWHERE, value)));
    return new JsonObject(NOWHERE, list);
  }

  /** {@code object} with the member {@code name} set, in its old place if it had one. */
  public static JsonObject with(JsonObject object, String name, JsonValue value) {
    List<JsonObject.Member> members = new ArrayList<>();
    boolean set = false;
    for (JsonObject.Member member : object.members()) {
      boolean same = member.name().equals(name);
      members.add(same ? new JsonObject.Member(name, NOWHERE, value) : member);
      set |= same;
    }
    if (!set) {
      members.add(new JsonObject.Member(name, NOWHERE, value));
    }
    return new JsonObject(object.position(), members);
  }

  private String write(JsonValue value) {
    append(value);
    return out.toString();
  }

  private void append(JsonValue value) {
    if (value instanceof JsonObject object) {
      open('{');
      String separator = "";
      for (JsonObject.Member member : object.members()) {
        next(separator);
        quote(member.name());
        out.append(indented ? ": " : ":");
        append(member.value());
        separator = ",";
      }
      close('}', object.members().isEmpty());
    } else if (value instanceof JsonArray array) {
      open('[');
      String separator = "";
      for (JsonValue element : array.elements()) {
        next(separator);
        append(element);
        separator = ",";
      }
      close(']', array.elements().isEmpty());
    } else if (value instanceof JsonString string) {
      quote(string.value());
    } else if (value instanceof JsonNumber number) {
      out.append(number.literal());
    } else if (value instanceof JsonBoolean bool) {
      out.append(bool.value());
    } else {
      out.append(((JsonNull) value).kind());
    }
  }

  private void open(char bracket) {
    out.append(bracket);
    depth++;
  }

  private void next(String separator) {
    out.append(separator);
    newLine();
  }

  private void close(char bracket, boolean empty) {
    depth--;
    if (!empty) {
      newLine();
    }
    out.append(bracket);
  }

  private void newLine() {
    if (indented) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  /** What a terminal would obey or not show: controls, and what orders text (UAX 9). */
  private static boolean isHidden(char c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || c == 0x61c
        || c == 0x200e
        || c == 0x200f
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || Character.isSurrogate(c);
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (isHidden(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
