package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Variable.Type;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Replaces variables in templates, once: what a variable holds is never looked at again. */
final class Variables {
  /** The names that the language gives a meaning. */
  static final List<String> RESERVED = List.of("cwd", "gid", "home", "uid", "user");

  private static final UnixPath DOT = UnixPath.of(".");
  private static final UnixPath DOTS = UnixPath.of("..");

  private final Map<String, Variable> values = new HashMap<>();
  private final Map<String, UnixPath> environment;
  private final Set<String> read = new HashSet<>();

  Variables(HostFacts host) {
    environment = host.environment();
    values.put("cwd", new Variable(Type.PATH, host.currentDirectory()));
    values.put("home", new Variable(Type.PATH, host.home()));
    values.put("user", new Variable(Type.NAME, UnixPath.of(host.user())));
    values.put("uid", number(host.uid()));
    values.put("gid", number(host.gid()));
  }

  private static Variable number(int id) {
    return new Variable(Type.NAME, UnixPath.of(Integer.toUnsignedString(id)));
  }

  /** What a document may declare. */
  static JsonSchema schema() {
    JsonSchema name = JsonSchema.string("^[^:}]*$").not(JsonSchema.oneOf(RESERVED));
    JsonSchema oneName =
        JsonSchema.string("^[^/\\u0000]+$").not(JsonSchema.oneOf(List.of(".", "..")));
    JsonSchema path = JsonSchema.string("^/[^\\u0000]*$").not(JsonSchema.string("/\\.\\.?(/|$)"));
    return JsonSchema.map(
        name,
        JsonSchema.anyOf(
            List.of(
                oneName.described("The default: one component of a path."),
                typed("name", oneName),
                typed("path", path),
                typed("text", TextField.anyTemplate()))));
  }

  private static JsonSchema typed(String type, JsonSchema value) {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("type", JsonSchema.constant(JsonText.text(type)));
    members.put("default", value);
    return JsonSchema.object(members).requiring("type", "default");
  }

  void declare(String name, Variable variable) {
    values.put(name, variable);
  }

  /** The names of the environment whose values were used. */
  Set<String> read() {
    return read;
  }

  /** What a template became, or why it could not be replaced. */
  record Expansion(Optional<UnixPath> value, String problem) {
    static Expansion failed(String problem) {
      return new Expansion(Optional.empty(), problem);
    }
  }

  /** A text; a variable may hold anything. */
  Expansion text(Template template) {
    return expand(template, false);
  }

  /** A path; a variable that is no path of its own must be one component. */
  Expansion path(Template template) {
    return expand(template, true);
  }

  private Expansion expand(Template template, boolean path) {
    String text = template.text();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int done = 0;
    int at = template.nextVariable(0);
    while (at >= 0) {
      int end = text.indexOf('}', at);
      String name = text.substring(at + 2, end);
      Optional<Variable> variable = lookUp(name);
      if (variable.isEmpty()) {
        return Expansion.failed(
            "the variable " + JsonPath.quoted(name) + " is not set" + Nearest.hint(name, known()));
      }
      UnixPath value = variable.get().value();
      if (path && variable.get().type() != Type.PATH && !isName(value)) {
        return Expansion.failed(
            "the variable "
                + JsonPath.quoted(name)
                + " holds "
                + JsonPath.quoted(value.toString())
                + ", and in a path it must be one name without a slash");
      }
      writeLiteral(out, text.substring(done, at));
      out.writeBytes(value.bytes());
      done = end + 1;
      at = template.nextVariable(done);
    }
    writeLiteral(out, text.substring(done));
    return new Expansion(Optional.of(UnixPath.of(out.toByteArray())), "");
  }

  private static void writeLiteral(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.replace("$${", "${").getBytes(StandardCharsets.UTF_8));
  }

  static boolean isName(UnixPath value) {
    return value.components().size() == 1
        && value.components().get(0).equals(value)
        && !value.equals(DOT)
        && !value.equals(DOTS);
  }

  /** Whether {@code path} is absolute and means the same wherever its links lead. */
  static boolean isPlain(UnixPath path) {
    return path.isAbsolute()
        && !path.components().contains(DOT)
        && !path.components().contains(DOTS);
  }

  private Optional<Variable> lookUp(String name) {
    if (!name.startsWith("env:")) {
      return Optional.ofNullable(values.get(name));
    }
    String variable = name.substring(4);
    read.add(variable);
    return Optional.ofNullable(environment.get(variable))
        .map(value -> new Variable(Type.TEXT, value));
  }

  private List<String> known() {
    return values.keySet().stream().sorted().toList();
  }
}
