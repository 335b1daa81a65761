package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When a part of a policy holds. */
record Condition(View view) {
  private static final List<String> VIEWS = List.of("wrap", "image");

  static Optional<Condition> read(JsonValue value, String at, List<JsonProblem> problems) {
    Optional<JsonFields> fields = JsonFields.of(value, at, List.of("view"), problems);
    if (fields.isPresent() && fields.get().members().isEmpty()) {
      problems.add(new JsonProblem(value.position(), at, "expected {\"view\": ...}"));
    }
    return fields
        .flatMap(f -> f.word("view", VIEWS))
        .map(word -> new Condition(word.equals("wrap") ? View.WRAP : View.IMAGE));
  }

  /** What {@link #read} takes. */
  static JsonSchema schema() {
    JsonSchema view =
        JsonSchema.oneOf(VIEWS)
            .described("wrap: a command of the host. image: a program of an image.");
    return JsonSchema.object(Map.of("view", view)).requiring("view");
  }

  boolean holds(View wanted) {
    return view == wanted;
  }
}
