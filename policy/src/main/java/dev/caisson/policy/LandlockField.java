package dev.caisson.policy;

import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether there are Landlock rules, and what the kernel must have for them. */
final class LandlockField extends OrderedField<Landlock> {
  private static final int MOST = 1000;

  LandlockField(String path) {
    super(path, Landlock.ON);
  }

  @Override
  JsonSchema schema() {
    JsonSchema abi = JsonSchema.object(Map.of("abi", JsonSchema.wholeNumber(1, MOST)));
    return JsonSchema.anyOf(List.of(JsonSchema.flag(), abi.requiring("abi")));
  }

  @Override
  Optional<Landlock> read(Source source) {
    if (source.value() instanceof JsonBoolean flag) {
      return Optional.of(flag.value() ? Landlock.ON : Landlock.OFF);
    }
    if (!(source.value() instanceof JsonObject)) {
      return source.expected("true, false or {\"abi\": ...}");
    }
    int before = source.problems().size();
    Optional<JsonFields> fields =
        JsonFields.of(source.value(), source.at(), List.of("abi"), source.problems());
    OptionalLong abi = fields.map(f -> f.number("abi", MOST)).orElse(OptionalLong.empty());
    if (abi.isPresent() && abi.getAsLong() > 0) {
      return Optional.of(new Landlock(true, (int) abi.getAsLong()));
    }
    return source.problems().size() > before
        ? Optional.empty()
        : source.mistake("expected \"abi\": a whole number from 1");
  }

  @Override
  Optional<JsonValue> write(Landlock value) {
    return Optional.of(
        value.atLeast() > 1
            ? JsonText.object(Map.of("abi", JsonText.number(value.atLeast())))
            : JsonText.flag(value.on()));
  }

  @Override
  Optional<String> excess(Landlock one, Landlock other) {
    if (!other.on() || one.atLeast() >= other.atLeast()) {
      return Optional.empty();
    }
    return Optional.of(
        one.on()
            ? path() + " is content with ABI " + one.atLeast() + ", not " + other.atLeast()
            : path() + " is false, not true");
  }
}
