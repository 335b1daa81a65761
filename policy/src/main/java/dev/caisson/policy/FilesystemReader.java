package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Mount.Access;
import dev.caisson.policy.Settings.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The {@code filesystem} of a policy: what stands at each path inside. */
final class FilesystemReader {
  private static final List<String> KINDS =
      List.of("bind", "tmpfs", "text", "copy", "link", "hostLink", "masked", "readOnly", "remove");
  private static final List<String> KEYS =
      List.of(
          "bind",
          "tmpfs",
          "text",
          "copy",
          "link",
          "hostLink",
          "masked",
          "readOnly",
          "remove",
          "access",
          "system",
          "optional",
          "protect",
          "mode");
  private static final int DIRECTORY_MODE = 0755;

  private final Settings settings;
  private final HostFacts host;
  private final Variables variables;
  private final List<Mount> mounts = new ArrayList<>();
  private final List<UnixPath> masked = new ArrayList<>();
  private final List<UnixPath> readOnly = new ArrayList<>();

  FilesystemReader(Settings settings, HostFacts host, Variables variables) {
    this.settings = settings;
    this.host = host;
    this.variables = variables;
  }

  void read() {
    settings.keyed("filesystem").forEach(this::entry);
    mounts.sort(Comparator.comparingInt(mount -> mount.target().components().size()));
  }

  /** Parents before children. */
  List<Mount> mounts() {
    return mounts;
  }

  List<UnixPath> masked() {
    return masked;
  }

  List<UnixPath> readOnly() {
    return readOnly;
  }

  private void entry(String key, Setting setting) {
    Optional<UnixPath> target = expand(setting, key);
    if (target.isEmpty()) {
      return;
    }
    boolean clean =
        target.get().isAbsolute()
            && target.get().components().stream()
                .noneMatch(p -> p.equals(UnixPath.of(".")) || p.equals(UnixPath.of("..")));
    if (!clean || target.get().components().isEmpty()) {
      settings.problem(setting, "expected an absolute path below / without . and ..");
      return;
    }
    List<JsonProblem> found = new ArrayList<>();
    Optional<JsonFields> fields = JsonFields.of(setting.value(), setting.path(), KEYS, found);
    fields.ifPresent(f -> entry(normal(target.get()), setting, f, found));
    for (JsonProblem problem : found) {
      settings.problem(setting, at(problem, setting), problem.path(), problem.message());
    }
  }

  private static JsonValue at(JsonProblem problem, Setting setting) {
    return new JsonString(problem.position(), setting.path());
  }

  private void entry(UnixPath target, Setting setting, JsonFields fields, List<JsonProblem> found) {
    List<String> kinds = KINDS.stream().filter(fields::has).toList();
    if (kinds.size() != 1) {
      settings.problem(setting, "expected exactly one of " + String.join(", ", KINDS));
      return;
    }
    switch (kinds.get(0)) {
      case "bind" -> bind(target, setting, fields);
      case "tmpfs" -> tmpfs(target, setting, fields);
      case "text" ->
          text(setting, fields, "text")
              .ifPresent(text -> mounts.add(new Mount.TextFile(target, text.toString())));
      case "copy" ->
          text(setting, fields, "copy")
              .ifPresent(source -> mounts.add(new Mount.Copy(target, source)));
      case "link" ->
          text(setting, fields, "link")
              .ifPresent(link -> mounts.add(new Mount.Symlink(target, link)));
      case "hostLink" -> hostLink(target, fields);
      case "masked" -> addIf(fields, "masked", target, masked);
      case "readOnly" -> addIf(fields, "readOnly", target, readOnly);
      case "remove" -> fields.flag("remove");
      default -> throw new IllegalStateException(kinds.get(0));
    }
  }

  private static void addIf(JsonFields fields, String key, UnixPath target, List<UnixPath> paths) {
    if (fields.flag(key).orElse(false)) {
      paths.add(target);
    }
  }

  private void bind(UnixPath target, Setting setting, JsonFields fields) {
    Optional<UnixPath> source = text(setting, fields, "bind");
    Access access =
        fields.word("access", List.of("ro", "rw")).orElse("ro").equals("rw")
            ? Access.READ_WRITE
            : Access.READ_ONLY;
    List<UnixPath> protect = new ArrayList<>();
    for (JsonFields.Element<JsonString> each : fields.strings("protect")) {
      UnixPath path = UnixPath.of(each.value().value());
      if (path.isAbsolute() || path.components().contains(UnixPath.of(".."))) {
        settings.problem(
            setting, each.value(), each.path(), "expected a path relative to the bind, without ..");
      } else {
        protect.add(path);
      }
    }
    if (source.isEmpty()) {
      return;
    }
    if (!source.get().isAbsolute()) {
      settings.problem(setting, "expected an absolute path of the host");
      return;
    }
    if (access == Access.READ_WRITE) {
      refuseWholeHome(setting, source.get());
    }
    mounts.add(
        new Mount.Bind(
            target,
            source.get(),
            access,
            fields.flag("system").orElse(false),
            fields.flag("optional").orElse(false),
            protect));
  }

  /** A writable bind of /, of the home directory or of what holds it gives everything away. */
  private void refuseWholeHome(Setting setting, UnixPath source) {
    if (host.home().startsWith(source)) {
      settings.problem(
          setting,
          source
              + " is or holds the home directory "
              + host.home()
              + ", which must not be writable");
    }
  }

  private void tmpfs(UnixPath target, Setting setting, JsonFields fields) {
    Optional<JsonString> size = fields.string("tmpfs");
    OptionalLong bytes =
        size.isPresent() ? Quantity.bytes(size.get().value()) : OptionalLong.empty();
    if (bytes.isEmpty()) {
      settings.problem(setting, "expected a size with a unit, as {\"tmpfs\": \"64MiB\"}");
      return;
    }
    int mode = DIRECTORY_MODE;
    Optional<JsonString> written = fields.string("mode");
    if (written.isPresent()) {
      try {
        mode = Integer.parseInt(written.get().value(), 8);
      } catch (NumberFormatException notOctal) {
        settings.problem(setting, "expected an octal mode in quotes, as \"1777\"");
      }
    }
    mounts.add(new Mount.Tmpfs(target, bytes.getAsLong(), mode));
  }

  /** The host's own link where it has one there, else a bind of its directory. */
  private void hostLink(UnixPath target, JsonFields fields) {
    if (!fields.flag("hostLink").orElse(false)) {
      return;
    }
    UnixPath link = host.rootLinks().get(target.components().get(0).toString());
    if (link != null && target.components().size() == 1) {
      mounts.add(new Mount.Symlink(target, link));
    } else {
      mounts.add(new Mount.Bind(target, target, Access.READ_ONLY, true, true, List.of()));
    }
  }

  private Optional<UnixPath> text(Setting setting, JsonFields fields, String key) {
    Optional<JsonString> string = fields.string(key);
    return string.isEmpty() ? Optional.empty() : expand(setting, string.get().value());
  }

  private Optional<UnixPath> expand(Setting setting, String text) {
    Variables.Expansion expansion = variables.expand(text);
    if (expansion.value().isEmpty()) {
      settings.problem(setting, expansion.problem());
    }
    return expansion.value();
  }

  private static UnixPath normal(UnixPath path) {
    UnixPath result = UnixPath.of("/");
    for (UnixPath part : path.components()) {
      result = result.resolve(part);
    }
    return result;
  }
}
