package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** One of a few words, the strictest first. */
final class WordField<E extends Enum<E>> extends OrderedField<E> {
  private final List<E> strictestFirst;

  WordField(String path, E absent, List<E> strictestFirst) {
    super(path, absent);
    this.strictestFirst = strictestFirst;
  }

  @Override
  Optional<E> read(Source source) {
    Optional<String> word = source.string();
    if (word.isEmpty()) {
      return Optional.empty();
    }
    Optional<E> named = Words.named(strictestFirst, word.get());
    return named.isPresent()
        ? named
        : source.mistake(Words.expectedOne(strictestFirst, word.get()));
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.oneOf(strictestFirst.stream().map(Words::of).toList());
  }

  @Override
  Optional<JsonValue> write(E value) {
    return Optional.of(JsonText.text(Words.of(value)));
  }

  @Override
  Optional<String> excess(E one, E other) {
    return strictestFirst.indexOf(one) <= strictestFirst.indexOf(other)
        ? Optional.empty()
        : Optional.of(path() + " is " + Words.of(one) + ", not " + Words.of(other));
  }
}
