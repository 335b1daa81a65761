package dev.caisson.policy;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value that a policy states.
 *
 * @param path the members that lead to it
 * @param element whether it is one element of the array that stands there
 * @param origin where it was written; empty where no policy sets it
 */
public record StatedValue(
    List<String> path, boolean element, JsonValue value, Optional<Origin> origin) {
  public StatedValue {
    path = List.copyOf(path);
  }

  /** The document that states {@code values} and nothing else. */
  public static JsonValue document(List<StatedValue> values) {
    return nest(values, 0);
  }

  private static JsonValue nest(List<StatedValue> values, int depth) {
    StatedValue first = values.get(0);
    if (first.path.size() == depth) {
      return first.element
          ? JsonText.array(values.stream().map(StatedValue::value).toList())
          : first.value;
    }
    Map<String, List<StatedValue>> members = new LinkedHashMap<>();
    for (StatedValue value : values) {
      members.computeIfAbsent(value.path.get(depth), name -> new ArrayList<>()).add(value);
    }
    Map<String, JsonValue> written = new LinkedHashMap<>();
    members.forEach((name, inner) -> written.put(name, nest(inner, depth + 1)));
    return JsonText.object(written);
  }
}
