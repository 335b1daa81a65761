package dev.caisson.json;

/** The literal null. */
public record JsonNull(Position position) implements JsonValue {
  @Override
  public String kind() {
    return "null";
  }
}
