package dev.caisson.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One object of a document: its members by kind, every mistake added to the problems. A member that
 * is null counts as absent, for Go's tools write their empty lists so.
 */
public final class JsonFields {
  private final JsonObject object;
  private final String path;
  private final List<JsonProblem> problems;

  private JsonFields(JsonObject object, String path, List<JsonProblem> problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  /** Empty, and a problem, where {@code value} is no object; unknown keys are problems. */
  public static Optional<JsonFields> of(
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
                JsonPath.member(path, member.name()),
                "no such key" + Nearest.hint(member.name(), keys)));
      }
    }
    return Optional.of(new JsonFields(object, path, problems));
  }

  /** The path of the member {@code key}. */
  public String path(String key) {
    return JsonPath.member(path, key);
  }

  /** Where the object stands. */
  public Position position() {
    return object.position();
  }

  /** Whether the member is there and no null. */
  public boolean has(String key) {
    return get(key).isPresent();
  }

  /** The member, if it is there and no null. */
  public Optional<JsonValue> get(String key) {
    Optional<JsonValue> value = object.get(key);
    return value.isPresent() && value.get() instanceof JsonNull ? Optional.empty() : value;
  }

  /** A string, if the member is there; a problem where it is no string. */
  public Optional<JsonString> string(String key) {
    Optional<JsonValue> value = get(key);
    return value.isEmpty() ? Optional.empty() : asString(value.get(), path(key));
  }

  /** The strings of an array; none where the member is absent. */
  public List<Element<JsonString>> strings(String key) {
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
  public record Element<T extends JsonValue>(T value, String path) {}

  /** The elements of an array; none where the member is absent. */
  public List<Element<JsonValue>> elements(String key) {
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
  public OptionalLong number(String key, long most) {
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

  /** The members in the order of the document, nulls left out. */
  public List<JsonObject.Member> members() {
    return object.members().stream().filter(m -> !(m.value() instanceof JsonNull)).toList();
  }

  /** True or false, if the member is there; a problem where it is neither. */
  public Optional<Boolean> flag(String key) {
    Optional<JsonValue> value = get(key);
    if (value.isPresent() && value.get() instanceof JsonBoolean flag) {
      return Optional.of(flag.value());
    }
    if (value.isPresent()) {
      problem(value.get(), key, "expected true or false, found " + value.get().kind());
    }
    return Optional.empty();
  }

  /** One of {@code words}, if the member is there; a problem with the nearest word else. */
  public Optional<String> word(String key, List<String> words) {
    Optional<JsonString> string = string(key);
    if (string.isEmpty() || words.contains(string.get().value())) {
      return string.map(JsonString::value);
    }
    problem(
        string.get(),
        key,
        "expected one of "
            + String.join(", ", words)
            + ", found "
            + JsonPath.quoted(string.get().value())
            + Nearest.hint(string.get().value(), words));
    return Optional.empty();
  }

  /** Records a mistake at {@code value}, the member {@code key}. */
  public void problem(JsonValue value, String key, String message) {
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
