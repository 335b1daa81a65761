package dev.caisson.policy;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.Map;
import java.util.Optional;

/** A document of another module, carried as it was written. */
final class ValueField extends Field<JsonValue> {
  ValueField(String path) {
    super(path);
  }

  @Override
  Optional<JsonValue> read(Source source) {
    return source.value() instanceof JsonObject
        ? Optional.of(source.value())
        : source.expected("an object");
  }

  @Override
  JsonSchema schema() {
    return new JsonSchema(JsonText.object(Map.of("type", JsonText.text("object"))));
  }
}
