package dev.caisson.json;

/** True or false. */
public record JsonBoolean(Position position, boolean value) implements JsonValue {
  @Override
  public String kind() {
    return "true or false";
  }
}
