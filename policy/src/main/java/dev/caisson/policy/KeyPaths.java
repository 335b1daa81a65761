package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The paths of keys in a trust document: they count from where the policy lies, never from the
 * current directory, which may be the work of whoever made the image.
 */
final class KeyPaths {
  private static final List<String> MEMBERS = List.of("keyPath", "keyPaths");

  private final String source;
  private final Optional<UnixPath> directory;
  private final Variables variables;
  private final List<PolicyProblem> problems;

  /**
   * @param directory of the policy; empty for one that is no file
   * @param problems takes what is wrong with a path
   */
  KeyPaths(
      String source,
      Optional<UnixPath> directory,
      Variables variables,
      List<PolicyProblem> problems) {
    this.source = source;
    this.directory = directory;
    this.variables = variables;
    this.problems = problems;
  }

  /** The document with absolute paths. */
  JsonValue placed(JsonValue value, String at) {
    if (value instanceof JsonObject object) {
      return new JsonObject(
          object.position(), object.members().stream().map(member -> placed(member, at)).toList());
    }
    if (value instanceof JsonArray array) {
      return new JsonArray(
          array.position(), array.elements().stream().map(each -> placed(each, at)).toList());
    }
    return value;
  }

  private JsonObject.Member placed(JsonObject.Member member, String at) {
    String inner = at + "." + member.name();
    JsonValue value =
        MEMBERS.contains(member.name()) ? paths(member.value(), inner) : member.value();
    return new JsonObject.Member(member.name(), member.namePosition(), placed(value, inner));
  }

  private JsonValue paths(JsonValue value, String at) {
    if (value instanceof JsonArray array) {
      return new JsonArray(
          array.position(), array.elements().stream().map(each -> path(each, at)).toList());
    }
    return path(value, at);
  }

  /** What is no text is left to signing, which says so. */
  private JsonValue path(JsonValue value, String at) {
    if (!(value instanceof JsonString written)) {
      return value;
    }
    Template template = new Template(written.value());
    Optional<String> mistake = template.mistake();
    if (mistake.isPresent()) {
      return problem(written, at, mistake.get());
    }
    Variables.Expansion expansion = variables.path(template);
    if (expansion.value().isEmpty()) {
      return problem(written, at, expansion.problem());
    }
    UnixPath path = expansion.value().get();
    if (!path.isAbsolute() && directory.isEmpty()) {
      return problem(written, at, "the policy is no file that a relative path could count from");
    }
    UnixPath absolute = path.isAbsolute() ? path : directory.orElseThrow().resolve(path);
    return new JsonString(written.position(), new String(absolute.bytes(), StandardCharsets.UTF_8));
  }

  private JsonValue problem(JsonString written, String at, String message) {
    problems.add(new PolicyProblem(new Origin(source, written.position(), at), message));
    return written;
  }
}
