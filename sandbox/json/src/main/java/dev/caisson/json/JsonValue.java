package dev.caisson.json;

/** A JSON value and where it stands. */
public sealed interface JsonValue
    permits JsonArray, JsonBoolean, JsonNull, JsonNumber, JsonObject, JsonString {
  /** Where the value's first character stands. */
  Position position();

  /** What it is, for an error message: "an object", "a string". */
  String kind();
}
