package dev.caisson.policy;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists what a document states, one value for each field or path. */
final class WrittenValues {
  private static final List<String> KEYED =
      List.of(
          "namespaces",
          "capabilities",
          "seccomp",
          "filesystem",
          "secrets",
          "limits",
          "environment",
          "process",
          "audit",
          "notes",
          "vars");

  private final String source;
  private final List<StatedValue> values = new ArrayList<>();

  private WrittenValues(String source) {
    this.source = source;
  }

  static List<StatedValue> of(PolicyDocument document) {
    WrittenValues written = new WrittenValues(document.source());
    written.members(document.json(), List.of(), "$");
    return written.values;
  }

  private void members(JsonObject object, List<String> path, String at) {
    for (JsonObject.Member member : object.members()) {
      String name = member.name();
      JsonValue value = member.value();
      List<String> inner = new ArrayList<>(path);
      inner.add(name);
      if (name.equals("when") && value instanceof JsonArray parts) {
        parts(parts);
      } else if (value instanceof JsonObject keyed && isKeyed(inner)) {
        members(keyed, inner, at);
      } else {
        values.add(
            new StatedValue(
                inner, false, value, Optional.of(new Origin(source, value.position(), at))));
      }
    }
  }

  /** Whether the members of the object at {@code path} are values of their own. */
  private static boolean isKeyed(List<String> path) {
    String last = path.get(path.size() - 1);
    boolean section = KEYED.contains(last) && (path.size() == 1 || path.get(0).startsWith("when["));
    return section
        || (last.equals("set") && path.contains("environment"))
        || (last.equals("waive") && path.contains("audit"));
  }

  private void parts(JsonArray parts) {
    int index = 0;
    for (JsonValue part : parts.elements()) {
      String name = "when[" + index++ + "]";
      if (part instanceof JsonObject object) {
        members(object, List.of(name), "$." + name);
      }
    }
  }
}
