package dev.caisson.json;

import java.util.List;
import java.util.Optional;

/** An object; its members in the order of the document, duplicates already recorded as problems. */
public record JsonObject(Position position, List<Member> members) implements JsonValue {
  /** A member: its name, where the name stands, and its value. */
  public record Member(String name, Position namePosition, JsonValue value) {}

  public JsonObject {
    members = List.copyOf(members);
  }

  /** The first member of that name. */
  public Optional<JsonValue> get(String name) {
    for (Member member : members) {
      if (member.name().equals(name)) {
        return Optional.of(member.value());
      }
    }
    return Optional.empty();
  }

  @Override
  public String kind() {
    return "an object";
  }
}
