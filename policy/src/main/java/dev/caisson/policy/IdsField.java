package dev.caisson.policy;

import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of ids, each of which allows something. */
final class IdsField extends OrderedField<List<Long>> {
  IdsField(String path) {
    super(path, List.of());
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.setOf(JsonSchema.wholeNumber(0, User.MOST_ID));
  }

  @Override
  Optional<List<Long>> read(Source source) {
    Optional<List<Source>> elements = source.elements("an array of numbers");
    if (elements.isEmpty()) {
      return Optional.empty();
    }
    List<Long> ids = new ArrayList<>();
    for (Source element : elements.get()) {
      long id = element.value() instanceof JsonNumber number ? Numbers.id(number.literal()) : -1;
      if (id < 0) {
        element.expected("a whole number from 0 to " + User.MOST_ID);
      } else if (ids.contains(id)) {
        element.mistake(id + " is listed twice");
      } else {
        ids.add(id);
      }
    }
    return Optional.of(List.copyOf(ids));
  }

  @Override
  Optional<JsonValue> write(List<Long> value) {
    return Optional.of(JsonText.array(value.stream().map(JsonText::number).toList()));
  }

  @Override
  Optional<String> excess(List<Long> one, List<Long> other) {
    List<String> more =
        one.stream().filter(id -> !other.contains(id)).map(id -> Long.toString(id)).toList();
    return more.isEmpty()
        ? Optional.empty()
        : Optional.of(path() + " lists " + String.join(", ", more));
  }
}
