package dev.caisson.policy;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A document of another module, carried as it was written: a name or an object. */
final class ValueField extends Field<JsonValue> {
  ValueField(String path) {
    super(path);
  }

  @Override
  Optional<JsonValue> read(Source source) {
    return source.value() instanceof JsonObject || source.value() instanceof JsonString
        ? Optional.of(source.value())
        : source.expected("a name or an object");
  }

  @Override
  JsonSchema schema() {
    return new JsonSchema(
        JsonText.object(Map.of("type", JsonText.texts(List.of("string", "object")))));
  }
}
