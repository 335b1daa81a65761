package dev.caisson.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A schema that is being written (JSON Schema, draft 2020-12). Each {@code with...} gives a new
 * one.
 *
 * @param document the schema itself
 */
public record JsonSchema(JsonObject document) {
  private static JsonSchema ofType(String type) {
    return new JsonSchema(JsonText.object(Map.of("type", JsonText.text(type))));
  }

  /** Any value. */
  public static JsonSchema anything() {
    return new JsonSchema(JsonText.object(Map.of()));
  }

  /** Any string. */
  public static JsonSchema string() {
    return ofType("string");
  }

  /** A string in which the ECMA-262 regular expression {@code pattern} is found. */
  public static JsonSchema string(String pattern) {
    return string().with("pattern", JsonText.text(pattern));
  }

  /** One of {@code words}. */
  public static JsonSchema oneOf(List<String> words) {
    return new JsonSchema(JsonText.object(Map.of("enum", JsonText.texts(words))));
  }

  /** Nothing but {@code value}. */
  public static JsonSchema constant(JsonValue value) {
    return new JsonSchema(JsonText.object(Map.of("const", value)));
  }

  /** True or false. */
  public static JsonSchema flag() {
    return ofType("boolean");
  }

  /** Any number. */
  public static JsonSchema number() {
    return ofType("number");
  }

  /** A whole number of at least {@code least}. */
  public static JsonSchema wholeNumber(long least) {
    return ofType("integer").with("minimum", JsonText.number(least));
  }

  /** A whole number from {@code least} to {@code most}. */
  public static JsonSchema wholeNumber(long least, long most) {
    return wholeNumber(least).with("maximum", JsonText.number(most));
  }

  /** An array, each of whose elements is an {@code element}. */
  public static JsonSchema arrayOf(JsonSchema element) {
    return ofType("array").with("items", element.document);
  }

  /** An array that holds no element twice. */
  public static JsonSchema setOf(JsonSchema element) {
    return arrayOf(element).with("uniqueItems", JsonText.flag(true));
  }

  /** An object with some of {@code members} and no others. */
  public static JsonSchema object(Map<String, JsonSchema> members) {
    Map<String, JsonValue> properties = new LinkedHashMap<>();
    members.forEach((name, schema) -> properties.put(name, schema.document));
    return ofType("object")
        .with("properties", JsonText.object(properties))
        .with("additionalProperties", JsonText.flag(false));
  }

  /** An object whose members have names as {@code name} and values as {@code value}. */
  public static JsonSchema map(JsonSchema name, JsonSchema value) {
    return ofType("object")
        .with("propertyNames", name.document)
        .with("additionalProperties", value.document);
  }

  /** Whatever one of {@code schemas} takes. */
  public static JsonSchema anyOf(List<JsonSchema> schemas) {
    List<JsonObject> documents = schemas.stream().map(JsonSchema::document).toList();
    return new JsonSchema(JsonText.object(Map.of("anyOf", JsonText.array(documents))));
  }

  /** What {@code $defs} holds under {@code name}. */
  public static JsonSchema defined(String name) {
    JsonValue reference = JsonText.text("#/$defs/" + name);
    return new JsonSchema(JsonText.object(Map.of("$ref", reference)));
  }

  /** The same, but null too, which Go's tools write for nothing. */
  public JsonSchema orNull() {
    return anyOf(List.of(this, ofType("null")));
  }

  /** The same without what {@code other} takes. */
  public JsonSchema not(JsonSchema other) {
    return with("not", other.document);
  }

  /** The same, with all of these members. */
  public JsonSchema requiring(String... names) {
    return with("required", JsonText.texts(List.of(names)));
  }

  /** The same, explained to people: editors show it. */
  public JsonSchema described(String description) {
    return with("description", JsonText.text(description));
  }

  /** The same with one more keyword. */
  public JsonSchema with(String keyword, JsonValue value) {
    return new JsonSchema(JsonText.with(document, keyword, value));
  }
}
