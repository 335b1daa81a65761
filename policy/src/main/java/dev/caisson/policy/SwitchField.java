package dev.caisson.policy;

import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonSchema;
import java.util.Optional;

/** True or false, neither of which allows anything. */
final class SwitchField extends Field<Boolean> {
  SwitchField(String path) {
    super(path);
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.flag();
  }

  @Override
  Optional<Boolean> read(Source source) {
    return source.value() instanceof JsonBoolean flag
        ? Optional.of(flag.value())
        : source.expected("true or false");
  }
}
