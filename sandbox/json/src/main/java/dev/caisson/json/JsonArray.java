package dev.caisson.json;

import java.util.List;

/** An array. */
public record JsonArray(Position position, List<JsonValue> elements) implements JsonValue {
  public JsonArray {
    elements = List.copyOf(elements);
  }

  @Override
  public String kind() {
    return "an array";
  }
}
