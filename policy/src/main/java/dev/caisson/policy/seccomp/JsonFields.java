package dev.caisson.policy.seccomp;

import dev.caisson.Printable;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One object of a profile: its members by kind, every mistake added to the problems. A member that
 * is null counts as absent, for Go's tools write their empty lists so.
 */
final class JsonFields {
  private final JsonObject object;
  private final String path;
  private final List<JsonProblem> problems;

  private JsonFields(JsonObject object, String path, List<JsonProblem> problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  /** Empty, and a problem, where {@code value} is no object; unknown keys are problems. */
  static Optional<JsonFields> of(
      JsonValue value, String path, List<String> keys, List<JsonProblem> problems) {
    if (!(value instanceof JsonObject object)) {
      problems.add(
          new JsonProblem(value.position(), path, "expected an object, found " + value.kind()));
      return Optional.empty();
    }
    for (JsonObject.Member member : object.members()) {
      if (!keys.contains(member.name())) {
        problems.add(
            new JsonProblem(
                member.namePosition(),
                path + "." + Printable.of(member.name()),
                "no such key" + Nearest.hint(member.name(), keys)));
      }
    }
    return Optional.of(new JsonFields(object, path, problems));
  }

  String path(String key) {
    return path + "." + key;
  }

  Position position() {
    return object.position();
  }

  boolean has(String key) {
    return get(key).isPresent();
  }

  Optional<JsonValue> get(String key) {
    Optional<JsonValue> value = object.get(key);
    return value.isPresent() && value.get() instanceof JsonNull ? Optional.empty() : value;
  }

  Optional<JsonString> string(String key) {
    Optional<JsonValue> value = get(key);
    return value.isEmpty() ? Optional.empty() : asString(value.get(), path(key));
  }

  /** The strings of an array; none where the member is absent. */
  List<Element<JsonString>> strings(String key) {
    List<Element<JsonString>> strings = new ArrayList<>();
    for (Element<JsonValue> element : elements(key)) {
      Optional<JsonString> string = asString(element.value, element.path);
      if (string.isPresent()) {
        strings.add(new Element<>(string.get(), element.path));
      }
    }
    return strings;
  }

  /** An element of an array and where it stands. */
  record Element<T extends JsonValue>(T value, String path) {}

  List<Element<JsonValue>> elements(String key) {
    Optional<JsonValue> value = get(key);
    List<Element<JsonValue>> elements = new ArrayList<>();
    if (value.isEmpty()) {
      return elements;
    }
    if (value.get() instanceof JsonArray array) {
      for (JsonValue element : array.elements()) {
        elements.add(new Element<>(element, path(key) + "[" + elements.size() + "]"));
      }
    } else {
      problem(value.get(), key, "expected an array, found " + value.get().kind());
    }
    return elements;
  }

  /** A whole number from 0 to {@code most}, unsigned; a problem where it is another. */
  OptionalLong number(String key, long most) {
    Optional<JsonValue> value = get(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get() instanceof JsonNumber number) {
      try {
        long parsed = Long.parseUnsignedLong(number.literal());
        if (Long.compareUnsigned(parsed, most) <= 0) {
          return OptionalLong.of(parsed);
        }
      } catch (NumberFormatException notWhole) {
        // said below, with the range
      }
    }
    String range = "expected a whole number from 0 to " + Long.toUnsignedString(most);
    String found = value.get() instanceof JsonNumber n ? shown(n.literal()) : value.get().kind();
    problem(value.get(), key, range + ", found " + found);
    return OptionalLong.empty();
  }

  void problem(JsonValue value, String key, String message) {
    problems.add(new JsonProblem(value.position(), path(key), message));
  }

  private Optional<JsonString> asString(JsonValue value, String where) {
    if (value instanceof JsonString string) {
      return Optional.of(string);
    }
    problems.add(
        new JsonProblem(value.position(), where, "expected a string, found " + value.kind()));
    return Optional.empty();
  }

  private static String shown(String literal) {
    return literal.length() <= 30 ? literal : literal.substring(0, 30) + "...";
  }
}
