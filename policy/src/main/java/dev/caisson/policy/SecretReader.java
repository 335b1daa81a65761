package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the secrets of a policy. */
final class SecretReader {
  private static final List<String> KINDS = List.of("file", "fd", "remove");
  private static final int LONGEST_NAME = 255;
  private static final int FIRST_DESCRIPTOR = 3;
  private static final int LAST_DESCRIPTOR = (1 << 20) - 1;

  private final String source;
  private final List<JsonProblem> problems;

  SecretReader(String source, List<JsonProblem> problems) {
    this.source = source;
    this.problems = problems;
  }

  /** The secret that the member names; empty where a mistake was recorded. */
  Optional<SecretChoice> read(JsonObject.Member member, String at) {
    if (!isName(member.name())) {
      problems.add(
          new JsonProblem(
              member.namePosition(),
              at,
              "expected a file's name of letters, digits, dots, hyphens and underscores"));
    }
    int before = problems.size();
    Optional<JsonFields> read = JsonFields.of(member.value(), at, KINDS, problems);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    if (KINDS.stream().filter(fields::has).count() != 1) {
      // a misspelt member has been named already
      return problems.size() > before
          ? Optional.empty()
          : new Source(member.value(), at, problems)
              .mistake("expected exactly one of " + String.join(", ", KINDS));
    }
    return fields.has("file")
        ? file(fields)
        : fields.has("fd") ? descriptor(fields) : removed(fields);
  }

  private Optional<SecretChoice> file(JsonFields fields) {
    Source file = new Source(fields.get("file").orElseThrow(), fields.path("file"), problems);
    return TextField.template(file)
        .map(
            template ->
                new SecretChoice.File(
                    new Setting<>(
                        template, new Origin(source, file.value().position(), file.at()))));
  }

  private Optional<SecretChoice> descriptor(JsonFields fields) {
    OptionalLong number = fields.number("fd", LAST_DESCRIPTOR);
    if (number.isPresent() && number.getAsLong() < FIRST_DESCRIPTOR) {
      return new Source(fields.get("fd").orElseThrow(), fields.path("fd"), problems)
          .mistake("0, 1 and 2 are the program's own; expected a descriptor from 3 on");
    }
    return number.isPresent()
        ? Optional.of(new SecretChoice.Descriptor((int) number.getAsLong()))
        : Optional.empty();
  }

  private Optional<SecretChoice> removed(JsonFields fields) {
    Optional<Boolean> flag = fields.flag("remove");
    return flag.isPresent() && !flag.get()
        ? new Source(fields.get("remove").orElseThrow(), fields.path("remove"), problems)
            .mistake("expected true, found false")
        : flag.map(removed -> new SecretChoice.Remove());
  }

  private static boolean isName(String name) {
    boolean valid = !name.isEmpty() && name.length() <= LONGEST_NAME && name.charAt(0) != '.';
    for (int i = 0; i < name.length() && valid; i++) {
      char c = name.charAt(i);
      valid = c == '.' || c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    return valid;
  }

  static JsonSchema schema() {
    JsonSchema name = JsonSchema.string("^[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}$");
    JsonSchema file = TextField.anyTemplate().described("A file of the host.");
    JsonSchema descriptor =
        JsonSchema.wholeNumber(FIRST_DESCRIPTOR, LAST_DESCRIPTOR)
            .described("A descriptor that the caller opened.");
    JsonSchema removed =
        JsonSchema.constant(JsonText.flag(true)).described("Takes away what a parent set.");
    return JsonSchema.map(
        name,
        JsonSchema.anyOf(
            List.of(
                JsonSchema.object(Map.of("file", file)).requiring("file"),
                JsonSchema.object(Map.of("fd", descriptor)).requiring("fd"),
                JsonSchema.object(Map.of("remove", removed)).requiring("remove"))));
  }

  /** A secret as a policy writes it. */
  static JsonValue written(Secret secret) {
    return JsonText.object(
        secret.source() instanceof Secret.Descriptor descriptor
            ? Map.of("fd", JsonText.number(descriptor.number()))
            : Map.of("file", MountValue.literal(((Secret.File) secret.source()).path())));
  }
}
