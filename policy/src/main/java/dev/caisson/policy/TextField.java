package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import java.util.Optional;

/** A text with variables. */
final class TextField extends Field<Template> {
  TextField(String path) {
    super(path);
  }

  @Override
  Optional<Template> read(Source source) {
    return template(source);
  }

  static Optional<Template> template(Source source) {
    Optional<Template> template = source.string().map(Template::new);
    Optional<String> mistake = template.flatMap(Template::mistake);
    return mistake.isPresent() ? source.mistake(mistake.get()) : template;
  }

  @Override
  JsonSchema schema() {
    return anyTemplate();
  }

  /** A text without NUL; whether its variables are closed and set is not the schema's. */
  static JsonSchema anyTemplate() {
    return JsonSchema.string("^[^\\u0000]*$");
  }
}
