package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The paths of keys in a trust document: they count from where the policy lies, never from the
 * current directory, which may be the work of whoever made the image.
 */
final class KeyPaths {
  private static final List<String> MEMBERS = List.of("keyPath", "keyPaths");

  private KeyPaths() {}

  /**
   * The document with its relative paths below {@code directory}. One that begins with a variable
   * stays as it is.
   *
   * @param directory where the policy lies; empty for one that is no file
   */
  static JsonValue anchored(JsonValue document, Optional<UnixPath> directory) {
    return eachPath(
        document,
        written -> {
          String text = written.value();
          if (directory.isEmpty() || text.startsWith("/") || text.startsWith("${")) {
            return written;
          }
          String above = MountValue.literal(directory.get()).value();
          return new JsonString(written.position(), above + "/" + text);
        });
  }

  /**
   * The document with variables replaced in its paths, which are absolute then.
   *
   * @param problems takes what is wrong with one
   */
  static JsonValue expanded(
      Setting<JsonValue> document, Variables variables, List<PolicyProblem> problems) {
    return eachPath(
        document.value(),
        written -> {
          Template template = new Template(written.value());
          Optional<String> mistake = template.mistake();
          Variables.Expansion expansion =
              mistake.isPresent()
                  ? Variables.Expansion.failed(mistake.get())
                  : variables.path(template);
          if (expansion.value().filter(UnixPath::isAbsolute).isPresent()) {
            return new JsonString(
                written.position(), MountValue.utf8(expansion.value().get()).value());
          }
          Origin origin = document.origin();
          problems.add(
              new PolicyProblem(
                  new Origin(origin.source(), written.position(), origin.path()),
                  expansion.value().isEmpty()
                      ? expansion.problem()
                      : "the key's path must be absolute, or count from the policy's file: put ./"
                          + " before a variable that is only a name"));
          return written;
        });
  }

  /** What is no text is left to signing, which says so. */
  private static JsonValue eachPath(JsonValue value, UnaryOperator<JsonString> change) {
    if (value instanceof JsonObject object) {
      return new JsonObject(
          object.position(),
          object.members().stream().map(member -> member(member, change)).toList());
    }
    if (value instanceof JsonArray array) {
      return new JsonArray(
          array.position(), array.elements().stream().map(each -> eachPath(each, change)).toList());
    }
    return value;
  }

  private static JsonObject.Member member(
      JsonObject.Member member, UnaryOperator<JsonString> change) {
    JsonValue value = member.value();
    if (MEMBERS.contains(member.name())) {
      value = path(value, change);
    }
    return new JsonObject.Member(member.name(), member.namePosition(), eachPath(value, change));
  }

  private static JsonValue path(JsonValue value, UnaryOperator<JsonString> change) {
    if (value instanceof JsonArray array) {
      return new JsonArray(
          array.position(), array.elements().stream().map(each -> path(each, change)).toList());
    }
    return value instanceof JsonString text ? change.apply(text) : value;
  }
}
