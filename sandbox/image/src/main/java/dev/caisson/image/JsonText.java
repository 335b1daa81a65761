package dev.caisson.image;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes JSON, without spaces, and makes values that were in no document. */
final class JsonText {
  private static final Position NOWHERE = new Position(1, 1);

  private JsonText() {}

  static byte[] bytes(JsonValue value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  static JsonString text(String value) {
    return new JsonString(NOWHERE, value);
  }

  static JsonNumber number(long value) {
    return new JsonNumber(NOWHERE, Long.toString(value));
  }

  static JsonArray array(List<? extends JsonValue> elements) {
    return new JsonArray(NOWHERE, List.copyOf(elements));
  }

  static JsonArray texts(List<String> values) {
    return array(values.stream().map(JsonText::text).toList());
  }

  static JsonObject object(Map<String, ? extends JsonValue> members) {
    List<JsonObject.Member> list = new ArrayList<>();
    members.forEach((name, value) -> list.add(new JsonObject.Member(name, NOWHERE, value)));
    return new JsonObject(NOWHERE, list);
  }

  /** {@code object} with the member {@code name} set, in its old place if it had one. */
  static JsonObject with(JsonObject object, String name, JsonValue value) {
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

  private static void append(StringBuilder out, JsonValue value) {
    if (value instanceof JsonObject object) {
      String separator = "{";
      for (JsonObject.Member member : object.members()) {
        out.append(separator);
        appendText(out, member.name());
        append(out.append(':'), member.value());
        separator = ",";
      }
      out.append(object.members().isEmpty() ? "{}" : "}");
    } else if (value instanceof JsonArray array) {
      String separator = "[";
      for (JsonValue element : array.elements()) {
        append(out.append(separator), element);
        separator = ",";
      }
      out.append(array.elements().isEmpty() ? "[]" : "]");
    } else if (value instanceof JsonString string) {
      appendText(out, string.value());
    } else if (value instanceof JsonNumber number) {
      out.append(number.literal());
    } else if (value instanceof JsonBoolean bool) {
      out.append(bool.value());
    } else {
      out.append(((JsonNull) value).kind());
    }
  }

  private static void appendText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
