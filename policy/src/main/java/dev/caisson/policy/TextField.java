package dev.caisson.policy;

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
}
