package dev.caisson.json;

/** A string, its escapes decoded. */
public record JsonString(Position position, String value) implements JsonValue {
  @Override
  public String kind() {
    return "a string";
  }
}
