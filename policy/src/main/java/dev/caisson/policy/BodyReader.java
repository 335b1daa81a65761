package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a document, or a part of it under a condition, sets. */
final class BodyReader {
  /** The members of a body. */
  static final List<String> KEYS =
      List.of(
          "namespaces",
          "capabilities",
          "seccomp",
          "filesystem",
          "root",
          "proc",
          "devices",
          "network",
          "secrets",
          "limits",
          "environment",
          "process",
          "landlock",
          "unixSockets",
          "images",
          "audit");

  private final String source;
  private final Optional<UnixPath> directory;
  private final List<JsonProblem> problems;
  private final Body<Template> body = new Body<>();

  /**
   * @param directory where the document lies; empty for a built-in policy
   * @param problems takes its mistakes
   */
  BodyReader(String source, Optional<UnixPath> directory, List<JsonProblem> problems) {
    this.source = source;
    this.directory = directory;
    this.problems = problems;
  }

  /** Reads the members of {@code object} that belong to a body; others are left to the caller. */
  Body<Template> read(JsonObject object, String at) {
    for (JsonObject.Member member : object.members()) {
      if (KEYS.contains(member.name()) && counts(object, member)) {
        section(member.name(), member.value(), JsonPath.member(at, member.name()));
      }
    }
    return body;
  }

  /** A second member of the same name and a null have been reported already. */
  private static boolean counts(JsonObject object, JsonObject.Member member) {
    return !(member.value() instanceof JsonNull)
        && object.get(member.name()).filter(value -> value == member.value()).isPresent();
  }

  private void section(String key, JsonValue value, String at) {
    Optional<Field<?>> field = Fields.at(key);
    if (field.isPresent()) {
      boolean trust = field.get().equals(Fields.IMAGES);
      field(field.get(), trust ? KeyPaths.anchored(value, directory) : value, at);
      return;
    }
    body.sections().add(key);
    switch (key) {
      case "filesystem" -> filesystem(value, at);
      case "environment" -> environment(value, at);
      case "secrets" -> secrets(value, at);
      case "audit" -> audit(value, at);
      case "seccomp" -> seccomp(value, at);
      default -> fieldsOf(key, value, at);
    }
  }

  private <T> void field(Field<T> field, JsonValue value, String at) {
    field
        .read(new Source(value, at, problems))
        .ifPresent(read -> body.fields().set(field, new Setting<>(read, origin(value, at))));
  }

  private void fieldsOf(String section, JsonValue value, String at) {
    List<String> names = Fields.membersOf(section);
    Optional<JsonFields> fields = JsonFields.of(value, at, names, problems);
    for (String name : names) {
      fields
          .flatMap(f -> f.get(name))
          .ifPresent(
              member ->
                  field(
                      Fields.at(section + "." + name).orElseThrow(),
                      member,
                      JsonPath.member(at, name)));
    }
  }

  private void filesystem(JsonValue value, String at) {
    PlacementReader reader = new PlacementReader(source, problems);
    Map<UnixPath, String> literal = new HashMap<>();
    for (JsonObject.Member member : members(value, at)) {
      String inner = JsonPath.member(at, member.name());
      Template target = new Template(member.name());
      Optional<String> mistake = target.mistake().or(() -> targetMistake(target, literal, inner));
      mistake.ifPresent(m -> problems.add(new JsonProblem(member.namePosition(), inner, m)));
      reader
          .read(member.value(), inner)
          .filter(placement -> mistake.isEmpty())
          .ifPresent(
              placement ->
                  body.filesystem()
                      .set(
                          target,
                          new Setting<>(
                              placement, new Origin(source, member.namePosition(), inner))));
    }
  }

  /** What is wrong with a path inside that holds no variable. */
  private static Optional<String> targetMistake(
      Template target, Map<UnixPath, String> literal, String at) {
    if (target.hasVariables()) {
      return Optional.empty();
    }
    Optional<UnixPath> path = InsidePath.of(UnixPath.of(target.text()));
    if (path.isEmpty()) {
      return Optional.of(InsidePath.EXPECTED);
    }
    String other = literal.putIfAbsent(path.get(), at);
    return Optional.ofNullable(other).map(o -> "the same path as " + o);
  }

  private void secrets(JsonValue value, String at) {
    SecretReader reader = new SecretReader(source, problems);
    for (JsonObject.Member member : members(value, at)) {
      String inner = JsonPath.member(at, member.name());
      reader
          .read(member, inner)
          .ifPresent(
              secret ->
                  body.secrets()
                      .set(member.name(), new Setting<>(secret, origin(member.value(), inner))));
    }
  }

  private void audit(JsonValue value, String at) {
    WaiverReader reader = new WaiverReader(problems);
    Optional<JsonFields> fields = JsonFields.of(value, at, List.of("waive"), problems);
    for (JsonValue waive : fields.flatMap(f -> f.get("waive")).stream().toList()) {
      for (JsonObject.Member member : members(waive, JsonPath.member(at, "waive"))) {
        String inner = JsonPath.member(JsonPath.member(at, "waive"), member.name());
        reader
            .read(member, inner)
            .ifPresent(
                waiver ->
                    body.waivers()
                        .set(member.name(), new Setting<>(waiver, origin(member.value(), inner))));
      }
    }
  }

  private void environment(JsonValue value, String at) {
    Optional<JsonFields> read =
        JsonFields.of(value, at, List.of("pass", "set", "remove"), problems);
    if (read.isEmpty()) {
      return;
    }
    JsonFields fields = read.get();
    for (JsonFields.Element<JsonString> each : fields.strings("pass")) {
      if (isName(each, true)) {
        body.pass().set(each.value().value(), setting(true, each));
      }
    }
    fields.get("set").ifPresent(set -> variables(set, JsonPath.member(at, "set")));
    for (JsonFields.Element<JsonString> each : fields.strings("remove")) {
      if (isName(each, true)) {
        String name = each.value().value();
        body.pass().set(name, setting(false, each));
        body.set().set(name, setting(Optional.empty(), each));
      }
    }
  }

  private void variables(JsonValue value, String at) {
    for (JsonObject.Member member : members(value, at)) {
      String inner = JsonPath.member(at, member.name());
      JsonString name = new JsonString(member.namePosition(), member.name());
      Optional<Template> text = TextField.template(new Source(member.value(), inner, problems));
      if (isName(new JsonFields.Element<>(name, inner), false) && text.isPresent()) {
        body.set().set(member.name(), new Setting<>(text, origin(member.value(), inner)));
      }
    }
  }

  private boolean isName(JsonFields.Element<JsonString> element, boolean pattern) {
    String name = element.value().value();
    int star = name.indexOf('*');
    boolean plain = star < 0 || (pattern && star == name.length() - 1);
    boolean valid = !name.isEmpty() && plain && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
    if (!valid) {
      problems.add(
          new JsonProblem(
              element.value().position(),
              element.path(),
              "expected a variable's name"
                  + (pattern ? ", with at most one * at its end" : "")
                  + ", found "
                  + JsonPath.quoted(name)));
    }
    return valid;
  }

  private void seccomp(JsonValue value, String at) {
    if (value instanceof JsonString) {
      field(Fields.PROFILE, value, at);
      return;
    }
    List<String> keys = new ArrayList<>(List.of("profile", "abis", "layers"));
    keys.addAll(CallLayerReader.KEYS);
    Optional<JsonFields> read = JsonFields.of(value, at, keys, problems);
    if (read.isEmpty()) {
      return;
    }
    JsonFields fields = read.get();
    fields.get("profile").ifPresent(v -> field(Fields.PROFILE, v, fields.path("profile")));
    fields.get("abis").ifPresent(v -> field(Fields.ABIS, v, fields.path("abis")));
    for (JsonFields.Element<JsonValue> each : fields.elements("layers")) {
      JsonFields.of(each.value(), each.path(), CallLayerReader.KEYS, problems)
          .ifPresent(layer -> body.calls().add(layer(layer)));
    }
    body.calls().add(layer(fields));
  }

  private CallLayer layer(JsonFields fields) {
    return new CallLayerReader(source, problems).read(fields);
  }

  /** The members of an object whose names are the author's own. */
  private List<JsonObject.Member> members(JsonValue value, String at) {
    if (value instanceof JsonObject object) {
      return object.members().stream().filter(member -> counts(object, member)).toList();
    }
    new Source(value, at, problems).expected("an object");
    return List.of();
  }

  private <T> Setting<T> setting(T value, JsonFields.Element<JsonString> element) {
    return new Setting<>(value, origin(element.value(), element.path()));
  }

  private Origin origin(JsonValue value, String at) {
    return new Origin(source, value.position(), at);
  }
}
