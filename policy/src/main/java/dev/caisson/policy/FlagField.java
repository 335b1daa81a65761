package dev.caisson.policy;

import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.Optional;

/** True or false; what holds where nothing is set is the stricter of the two. */
final class FlagField extends OrderedField<Boolean> {
  FlagField(String path, boolean strict) {
    super(path, strict);
  }

  @Override
  Optional<Boolean> read(Source source) {
    return source.value() instanceof JsonBoolean flag
        ? Optional.of(flag.value())
        : source.expected("true or false");
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.flag();
  }

  @Override
  Optional<JsonValue> write(Boolean value) {
    return Optional.of(JsonText.flag(value));
  }

  @Override
  Optional<String> excess(Boolean one, Boolean other) {
    return one.equals(other) || one.equals(absent())
        ? Optional.empty()
        : Optional.of(path() + " is " + one + ", not " + other);
  }
}
