package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonValue;
import java.util.List;
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

  boolean holds(View wanted) {
    return view == wanted;
  }
}
