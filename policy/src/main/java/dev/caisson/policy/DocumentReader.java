package dev.caisson.policy;

import dev.caisson.Printable;
import dev.caisson.UnixPath;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.PolicyDocument.Part;
import dev.caisson.policy.Variable.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads one document, recording every mistake in it. */
final class DocumentReader {
  /** The language's version, which every policy names. */
  static final String VERSION = "caisson/1";

  static final List<String> HEAD =
      List.of(
          "apiVersion",
          "name",
          "description",
          "extends",
          "vars",
          "when",
          "bestEffort",
          "ceiling",
          "notes",
          "expect");

  /** Members whose content is another format's. */
  private static final List<String> FOREIGN = List.of("profile", "images");

  static final List<String> KEYS = keys();

  private final String source;
  private final Optional<UnixPath> directory;
  private final List<JsonProblem> problems;

  /**
   * @param directory where the document lies; empty for a built-in policy
   * @param problems the mistakes that were found already; new ones are added
   */
  DocumentReader(String source, Optional<UnixPath> directory, List<JsonProblem> problems) {
    this.source = source;
    this.directory = directory;
    this.problems = new ArrayList<>(problems);
  }

  /** Whether {@code value} says that it is a policy. */
  static boolean isPolicy(JsonValue value) {
    return value instanceof JsonObject object
        && object.get("apiVersion").orElse(null) instanceof JsonString version
        && version.value().equals(VERSION);
  }

  PolicyDocument read(JsonObject json, List<PolicyDocument> parents) {
    JsonFields fields = JsonFields.of(json, "$", KEYS, problems).orElseThrow();
    refuseNulls(json, "$");
    version(fields);
    Optional<String> name = fields.string("name").map(text -> Printable.of(text.value()));
    Optional<String> description = fields.string("description").map(JsonString::value);
    Settings<String, Variable> variables = variables(fields);
    Optional<Setting<Set<Protection>>> bestEffort = bestEffort(fields);
    notes(fields);
    Body<Template> body = new BodyReader(source, directory, problems).read(json, "$");
    List<Part> parts = new ArrayList<>();
    for (JsonFields.Element<JsonValue> part : fields.elements("when")) {
      part(part).ifPresent(parts::add);
    }
    return new PolicyDocument(
        source,
        name.orElse(source),
        description,
        variables,
        bestEffort,
        body,
        parts,
        new ExpectReader(source, problems).read(fields.elements("expect")),
        ceiling(fields),
        parents,
        located(),
        json);
  }

  private Optional<PolicyDocument> ceiling(JsonFields fields) {
    Optional<JsonValue> value = fields.get("ceiling");
    if (value.isEmpty()
        || JsonFields.of(value.get(), "$.ceiling", BodyReader.KEYS, problems).isEmpty()
        || !(value.get() instanceof JsonObject json)) {
      return Optional.empty();
    }
    return Optional.of(
        new PolicyDocument(
            source + ":" + json.position(),
            source,
            Optional.empty(),
            new Settings<>(),
            Optional.empty(),
            new BodyReader(source, directory, problems).read(json, "$.ceiling"),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            json));
  }

  /** A null would say nothing; profiles and trust documents of other tools may hold some. */
  private void refuseNulls(JsonValue value, String at) {
    if (value instanceof JsonNull) {
      problems.add(new JsonProblem(value.position(), at, "null says nothing; leave it out"));
    } else if (value instanceof JsonObject object) {
      for (JsonObject.Member member : object.members()) {
        if (!FOREIGN.contains(member.name()) || member.value() instanceof JsonNull) {
          refuseNulls(member.value(), JsonPath.member(at, member.name()));
        }
      }
    } else if (value instanceof JsonArray array) {
      int index = 0;
      for (JsonValue element : array.elements()) {
        refuseNulls(element, at + "[" + index++ + "]");
      }
    }
  }

  private void version(JsonFields fields) {
    Optional<JsonString> version = fields.string("apiVersion");
    if (version.isPresent() && !version.get().value().equals(VERSION)) {
      String found = JsonPath.quoted(version.get().value());
      fields.problem(version.get(), "apiVersion", "expected \"" + VERSION + "\", found " + found);
    } else if (!fields.has("apiVersion")) {
      problems.add(
          new JsonProblem(
              fields.position(), "$", "expected \"apiVersion\": \"" + VERSION + "\" in it"));
    }
  }

  /** Texts for people: nothing rests on them. */
  private void notes(JsonFields fields) {
    Optional<JsonValue> value = fields.get("notes");
    if (value.isPresent() && !(value.get() instanceof JsonObject)) {
      fields.problem(value.get(), "notes", "expected an object, found " + value.get().kind());
    }
    if (value.isPresent() && value.get() instanceof JsonObject notes) {
      for (JsonObject.Member member : notes.members()) {
        new Source(member.value(), JsonPath.member("$.notes", member.name()), problems).string();
      }
    }
  }

  private Settings<String, Variable> variables(JsonFields fields) {
    Settings<String, Variable> variables = new Settings<>();
    Optional<JsonValue> value = fields.get("vars");
    if (value.isPresent() && !(value.get() instanceof JsonObject)) {
      fields.problem(value.get(), "vars", "expected an object, found " + value.get().kind());
    }
    if (value.isPresent() && value.get() instanceof JsonObject declared) {
      for (JsonObject.Member member : declared.members()) {
        String at = JsonPath.member("$.vars", member.name());
        Origin origin = new Origin(source, member.namePosition(), at);
        variable(member, at)
            .ifPresent(variable -> variables.set(member.name(), new Setting<>(variable, origin)));
      }
    }
    return variables;
  }

  private Optional<Variable> variable(JsonObject.Member member, String at) {
    String name = member.name();
    if (Variables.RESERVED.contains(name) || name.indexOf(':') >= 0 || name.indexOf('}') >= 0) {
      String message = "the name has a meaning of its own; choose another";
      problems.add(new JsonProblem(member.namePosition(), at, message));
      return Optional.empty();
    }
    if (member.value() instanceof JsonString text) {
      return value(Type.NAME, new Source(text, at, problems));
    }
    Optional<JsonFields> fields =
        JsonFields.of(member.value(), at, List.of("type", "default"), problems);
    Optional<String> type = fields.flatMap(f -> f.word("type", List.of("name", "path", "text")));
    Optional<JsonValue> given = fields.flatMap(f -> f.get("default"));
    if (fields.isPresent() && (type.isEmpty() || given.isEmpty())) {
      String expected = "expected a string, or {\"type\": ..., \"default\": ...}";
      problems.add(new JsonProblem(member.value().position(), at, expected));
      return Optional.empty();
    }
    return given.flatMap(
        value ->
            value(
                Type.valueOf(type.orElseThrow().toUpperCase(Locale.ROOT)),
                new Source(value, JsonPath.member(at, "default"), problems)));
  }

  private static Optional<Variable> value(Type type, Source source) {
    Optional<Template> template = TextField.template(source);
    if (template.isEmpty()) {
      return Optional.empty();
    }
    if (template.get().hasVariables()) {
      return source.mistake("variables are replaced once: a default holds none");
    }
    UnixPath value = UnixPath.of(template.get().text().replace("$${", "${"));
    boolean valid =
        switch (type) {
          case NAME -> Variables.isName(value);
          case PATH -> Variables.isPlain(value);
          case TEXT -> true;
        };
    return valid
        ? Optional.of(new Variable(type, value))
        : source.expected(
            type == Type.NAME
                ? "one name without a slash; write {\"type\": \"path\", \"default\": ...} for a path"
                : "an absolute path without . and ..");
  }

  private Optional<Setting<Set<Protection>>> bestEffort(JsonFields fields) {
    Optional<JsonValue> value = fields.get("bestEffort");
    return value
        .flatMap(v -> Fields.BEST_EFFORT.read(new Source(v, "$.bestEffort", problems)))
        .map(
            set ->
                new Setting<>(
                    set, new Origin(source, value.orElseThrow().position(), "$.bestEffort")));
  }

  private Optional<Part> part(JsonFields.Element<JsonValue> part) {
    List<String> keys = new ArrayList<>(BodyReader.KEYS);
    keys.add("if");
    Optional<JsonFields> fields = JsonFields.of(part.value(), part.path(), keys, problems);
    if (fields.isEmpty() || !(part.value() instanceof JsonObject object)) {
      return Optional.empty();
    }
    Optional<Condition> condition =
        fields
            .get()
            .get("if")
            .flatMap(value -> Condition.read(value, fields.get().path("if"), problems));
    if (!fields.get().has("if")) {
      problems.add(
          new JsonProblem(
              object.position(), part.path(), "expected \"if\": {\"view\": ...} in it"));
    }
    Body<Template> body = new BodyReader(source, directory, problems).read(object, part.path());
    Optional<Setting<Set<Capability>>> kept = body.get(Fields.CAPABILITIES);
    if (kept.isPresent() && condition.isPresent() && condition.get().needsCapabilities()) {
      problems.add(
          new JsonProblem(
              kept.get().origin().position(),
              kept.get().origin().path(),
              "a part that holds for a capability cannot set capabilities"));
    }
    return condition.map(c -> new Part(c, body));
  }

  private List<PolicyProblem> located() {
    return problems.stream()
        .map(p -> new PolicyProblem(new Origin(source, p.position(), p.path()), p.message()))
        .toList();
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(HEAD);
    keys.addAll(BodyReader.KEYS);
    return List.copyOf(keys);
  }
}
