package dev.caisson.policy;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A list of words, each of which allows something; none where nothing is set. */
final class SetField<E extends Enum<E>> extends OrderedField<Set<E>> {
  private final List<E> constants;

  SetField(String path, List<E> constants) {
    super(path, Set.of());
    this.constants = constants;
  }

  @Override
  Optional<Set<E>> read(Source source) {
    if (!(source.value() instanceof JsonArray array)) {
      return source.expected("an array of strings");
    }
    Set<E> result = EnumSet.noneOf(constants.get(0).getDeclaringClass());
    int index = 0;
    for (JsonValue element : array.elements()) {
      Source one = new Source(element, source.at() + "[" + index++ + "]", source.problems());
      one.string().ifPresent(word -> add(result, word, one));
    }
    return Optional.of(result);
  }

  private void add(Set<E> result, String word, Source source) {
    Optional<E> constant = Words.named(constants, word);
    if (constant.isEmpty()) {
      source.mistake(Words.expectedOne(constants, word));
    } else if (!result.add(constant.get())) {
      source.mistake(JsonPath.quoted(word) + " is listed twice");
    }
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.setOf(JsonSchema.oneOf(constants.stream().map(Words::of).toList()));
  }

  @Override
  Optional<JsonValue> write(Set<E> value) {
    return Optional.of(
        JsonText.texts(constants.stream().filter(value::contains).map(Words::of).toList()));
  }

  @Override
  Optional<String> excess(Set<E> one, Set<E> other) {
    String more =
        constants.stream()
            .filter(c -> one.contains(c) && !other.contains(c))
            .map(Words::of)
            .collect(Collectors.joining(", "));
    return more.isEmpty() ? Optional.empty() : Optional.of(path() + " lists " + more);
  }
}
