package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.Mount.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what a policy puts at one path. */
final class PlacementReader {
  /** What can stand at a path; a placement is exactly one of these. */
  static final List<String> KINDS =
      List.of("bind", "tmpfs", "text", "copy", "link", "hostLink", "masked", "readOnly", "remove");

  static final List<String> ACCESS = List.of("ro", "overlay", "rw");
  private static final List<String> OF_BIND =
      List.of("access", "system", "optional", "protect", "exec");
  private static final List<String> OF_TMPFS = List.of("mode", "exec", "mounts");
  private static final List<String> KEYS = keys();
  private static final int DIRECTORY_MODE = 0755;
  private static final int MOST_MODE = 01777;

  private final String source;
  private final List<JsonProblem> problems;

  PlacementReader(String source, List<JsonProblem> problems) {
    this.source = source;
    this.problems = problems;
  }

  Optional<Placement> read(JsonValue value, String at) {
    int before = problems.size();
    Optional<JsonFields> fields = JsonFields.of(value, at, KEYS, problems);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    List<String> kinds = new ArrayList<>();
    for (String kind : KINDS) {
      if (fields.get().has(kind)) {
        kinds.add(kind);
      }
    }
    if (kinds.size() != 1) {
      // a misspelt key has been named already
      if (problems.size() == before || !kinds.isEmpty()) {
        String expected = "expected exactly one of " + String.join(", ", KINDS);
        problems.add(new JsonProblem(value.position(), at, expected));
      }
      return Optional.empty();
    }
    String kind = kinds.get(0);
    refuseOthers(fields.get(), kind);
    return switch (kind) {
      case "bind" -> bind(fields.get());
      case "tmpfs" -> tmpfs(fields.get());
      case "text" -> template(fields.get(), kind).map(Placement.Text::new);
      case "copy" -> template(fields.get(), kind).map(Placement.Copy::new);
      case "link" -> template(fields.get(), kind).map(Placement.Link::new);
      default -> mark(fields.get(), kind);
    };
  }

  private static void refuseOthers(JsonFields fields, String kind) {
    List<String> own = keysOf(kind);
    for (String key : KEYS) {
      if (!KINDS.contains(key) && !own.contains(key)) {
        fields.get(key).ifPresent(v -> fields.problem(v, key, "does not go with " + kind));
      }
    }
  }

  /** What goes with {@code kind}. */
  static List<String> keysOf(String kind) {
    return switch (kind) {
      case "bind" -> OF_BIND;
      case "tmpfs" -> OF_TMPFS;
      default -> List.of();
    };
  }

  private Optional<Placement> bind(JsonFields fields) {
    Optional<Setting<Template>> from = template(fields, "bind");
    Access access = access(fields.word("access", ACCESS).orElse("ro"));
    boolean system = fields.flag("system").orElse(false);
    boolean optional = fields.flag("optional").orElse(false);
    List<UnixPath> protect = protect(fields);
    return from.map(
        template -> new Placement.Bind(template, access, system, optional, protect, exec(fields)));
  }

  private static Access access(String word) {
    return switch (word) {
      case "rw" -> Access.READ_WRITE;
      case "overlay" -> Access.OVERLAY;
      default -> Access.READ_ONLY;
    };
  }

  private static boolean exec(JsonFields fields) {
    return fields.flag("exec").orElse(true);
  }

  private List<UnixPath> protect(JsonFields fields) {
    List<UnixPath> paths = new ArrayList<>();
    for (JsonFields.Element<JsonString> each : fields.strings("protect")) {
      String text = each.value().value();
      boolean nul = text.indexOf('\0') >= 0;
      UnixPath path = UnixPath.of(nul ? "" : text);
      if (path.components().isEmpty()
          || !Variables.isPlain(UnixPath.of("/").resolve(path))
          || path.isAbsolute()) {
        problems.add(
            new JsonProblem(
                each.value().position(),
                each.path(),
                "expected a path relative to the bind, without . and .., found "
                    + JsonPath.quoted(text)));
      } else {
        paths.add(path);
      }
    }
    return paths;
  }

  private Optional<Placement> tmpfs(JsonFields fields) {
    Source size = new Source(fields.get("tmpfs").orElseThrow(), fields.path("tmpfs"), problems);
    OptionalLong bytes = Unit.BYTES.amount(size.value());
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      return size.expected(Unit.BYTES.expected());
    }
    boolean mounts = fields.flag("mounts").orElse(false);
    return mode(fields)
        .map(mode -> new Placement.Tmpfs(bytes.getAsLong(), mode, exec(fields), mounts));
  }

  private Optional<Integer> mode(JsonFields fields) {
    Optional<JsonValue> written = fields.get("mode");
    if (written.isEmpty()) {
      return Optional.of(DIRECTORY_MODE);
    }
    Optional<Integer> mode =
        written.get() instanceof JsonString text
            ? ModeField.octal(text.value(), MOST_MODE)
            : Optional.empty();
    return mode.isPresent()
        ? mode
        : new Source(written.get(), fields.path("mode"), problems)
            .expected("an octal mode in quotes, as \"1777\"");
  }

  /** Kinds that are only said to hold. */
  private Optional<Placement> mark(JsonFields fields, String kind) {
    Optional<Boolean> flag = fields.flag(kind);
    if (flag.isPresent() && !flag.get()) {
      fields.problem(
          fields.get(kind).orElseThrow(), kind, "expected true; {\"remove\": true} takes it away");
    }
    return switch (kind) {
      case "hostLink" -> Optional.of(new Placement.HostLink());
      case "masked" -> Optional.of(new Placement.Masked());
      case "readOnly" -> Optional.of(new Placement.ReadOnly());
      case "remove" -> Optional.of(new Placement.Remove());
      default -> throw new IllegalStateException(kind);
    };
  }

  private Optional<Setting<Template>> template(JsonFields fields, String key) {
    JsonValue value = fields.get(key).orElseThrow();
    return TextField.template(new Source(value, fields.path(key), problems))
        .map(
            template ->
                new Setting<>(template, new Origin(source, value.position(), fields.path(key))));
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(KINDS);
    keys.addAll(OF_BIND);
    OF_TMPFS.stream().filter(key -> !keys.contains(key)).forEach(keys::add);
    return List.copyOf(keys);
  }
}
