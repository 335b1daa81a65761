package dev.caisson.policy;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A field of the language that is replaced as a whole, and how it is written. */
abstract class Field<T> {
  private final String path;

  Field(String path) {
    this.path = path;
  }

  /** Its place in a document, {@code limits.memory} for instance. */
  final String path() {
    return path;
  }

  /** The value; empty where a mistake was recorded. */
  abstract Optional<T> read(Source source);

  /** What {@link #read} takes, as far as a schema can say it: it never refuses what is read. */
  abstract JsonSchema schema();

  /**
   * A value being read.
   *
   * @param at its path in the document
   * @param problems where mistakes are recorded
   */
  record Source(JsonValue value, String at, List<JsonProblem> problems) {
    /** The text of a string. */
    Optional<String> string() {
      if (value instanceof JsonString text) {
        return Optional.of(text.value());
      }
      return expected("a string");
    }

    /** Records what was expected instead. */
    <T> Optional<T> expected(String expected) {
      String found =
          value instanceof JsonString text ? JsonPath.quoted(text.value()) : value.kind();
      return mistake("expected " + expected + ", found " + found);
    }

    /** The member {@code key}, which is there. */
    Source member(String key, JsonFields fields) {
      return new Source(fields.get(key).orElseThrow(), fields.path(key), problems);
    }

    /** The elements of an array. */
    Optional<List<Source>> elements(String expected) {
      if (!(value instanceof JsonArray array)) {
        return expected(expected);
      }
      List<Source> elements = new ArrayList<>();
      for (JsonValue element : array.elements()) {
        elements.add(new Source(element, at + "[" + elements.size() + "]", problems));
      }
      return Optional.of(elements);
    }

    <T> Optional<T> mistake(String message) {
      problems.add(new JsonProblem(value.position(), at, message));
      return Optional.empty();
    }
  }
}
