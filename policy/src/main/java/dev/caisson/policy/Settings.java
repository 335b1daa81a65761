package dev.caisson.policy;

import dev.caisson.Printable;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A policy's fields, flat: {@code limits.memory}, {@code filesystem[/work]}. Parents come first and
 * their children override them, key by key; parents that disagree on a key that the child does not
 * set are a mistake.
 */
final class Settings {
  private static final List<String> HEAD =
      List.of("apiVersion", "name", "description", "extends", "vars", "when", "bestEffort");
  private static final List<String> BODY =
      List.of(
          "namespaces",
          "capabilities",
          "seccomp",
          "filesystem",
          "root",
          "proc",
          "devices",
          "network",
          "limits",
          "environment",
          "process",
          "landlock",
          "unixSockets",
          "images");

  /** Fields of the language that this version does not carry out: refused, never ignored. */
  private static final List<String> LATER = List.of("ceiling", "expect", "audit", "secrets");

  static final List<String> HEAD_AND_BODY = join(join(HEAD, BODY), LATER);

  /** Objects whose members are keys of their own, with the names they may have. */
  private static final Map<String, List<String>> OBJECTS =
      Map.of(
          "namespaces", List.of("nestedUser"),
          "capabilities", List.of("keep"),
          "limits", List.of("memory", "pids", "openFiles", "fileSize", "cpuTime", "wallClock"),
          "process", List.of("identity", "cwd", "hostname", "umask"));

  /** A value and where it comes from. */
  record Setting(String source, String path, JsonValue value) {}

  private final Map<String, Setting> byKey = new LinkedHashMap<>();
  private final List<PolicyProblem> problems;
  private String name = "";
  private List<Setting> bestEffort = new ArrayList<>();

  private Settings(List<PolicyProblem> problems) {
    this.problems = problems;
  }

  /** The settings of {@code document} and its parents for one view. */
  static Settings of(PolicyDocument document, View view, List<PolicyProblem> problems) {
    Settings own = new Settings(problems);
    own.readDocument(document, view);
    if (document.parents().isEmpty()) {
      return own;
    }
    Settings merged = new Settings(problems);
    List<Settings> parents = new ArrayList<>();
    for (PolicyDocument parent : document.parents()) {
      parents.add(of(parent, view, problems));
    }
    for (Settings parent : parents) {
      merged.addParent(parent, own);
    }
    own.keepRequired(parents);
    merged.byKey.putAll(own.byKey);
    merged.name = own.name;
    merged.bestEffort = own.bestEffort.isEmpty() ? common(parents) : own.bestEffort;
    return merged;
  }

  private void addParent(Settings parent, Settings child) {
    parent.byKey.forEach(
        (key, setting) -> {
          Setting other = byKey.putIfAbsent(key, setting);
          boolean disagree = other != null && !sameValue(other.value(), setting.value());
          if (disagree && !child.byKey.containsKey(key)) {
            problems.add(
                new PolicyProblem(
                    setting.source(),
                    setting.value().position(),
                    setting.path(),
                    "the parents disagree: "
                        + other.source()
                        + " sets "
                        + other.path()
                        + " otherwise; set it in the policy that extends both"));
          }
        });
  }

  /** What is left out by one parent is required; what a parent requires stays required. */
  private void keepRequired(List<Settings> parents) {
    for (Setting wish : bestEffort) {
      for (Settings parent : parents) {
        boolean granted =
            parent.bestEffort.stream().anyMatch(p -> sameValue(p.value(), wish.value()));
        if (!granted) {
          problem(wish, "the parent " + parent.name + " requires this protection");
        }
      }
    }
  }

  private static List<Setting> common(List<Settings> parents) {
    List<Setting> result = new ArrayList<>(parents.get(0).bestEffort);
    for (Settings parent : parents) {
      result.removeIf(
          one -> parent.bestEffort.stream().noneMatch(p -> sameValue(p.value(), one.value())));
    }
    return result;
  }

  private void readDocument(PolicyDocument document, View view) {
    String source = document.source();
    List<JsonProblem> found = new ArrayList<>();
    Optional<JsonFields> read = JsonFields.of(document.root(), "$", HEAD_AND_BODY, found);
    if (read.isPresent()) {
      JsonFields fields = read.get();
      Optional<JsonString> version = fields.string("apiVersion");
      if (version.isEmpty() && !fields.has("apiVersion")) {
        found.add(new JsonProblem(fields.position(), "$.apiVersion", "expected \"caisson/1\""));
      } else if (version.isPresent() && !version.get().value().equals("caisson/1")) {
        fields.problem(version.get(), "apiVersion", "expected \"caisson/1\"");
      }
      name = fields.string("name").map(JsonString::value).orElse(source);
      fields.string("description");
      for (JsonFields.Element<JsonString> each : fields.strings("bestEffort")) {
        bestEffort.add(new Setting(source, each.path(), each.value()));
      }
      readBody(source, fields, "$", found);
      for (JsonFields.Element<JsonValue> part : fields.elements("when")) {
        readPart(source, part, view, found);
      }
    }
    problems.addAll(located(source, found));
  }

  private void readPart(
      String source, JsonFields.Element<JsonValue> part, View view, List<JsonProblem> found) {
    Optional<JsonFields> fields =
        JsonFields.of(part.value(), part.path(), join(List.of("if"), BODY), found);
    if (fields.isEmpty()) {
      return;
    }
    Optional<JsonFields> condition =
        fields.get().get("if").isEmpty()
            ? Optional.empty()
            : JsonFields.of(
                fields.get().get("if").get(), fields.get().path("if"), List.of("view"), found);
    Optional<String> wanted = condition.flatMap(c -> c.word("view", List.of("wrap", "image")));
    if (wanted.isEmpty()) {
      found.add(
          new JsonProblem(
              part.value().position(), part.path(), "expected \"if\": {\"view\": ...}"));
      return;
    }
    // a part for the other view is read too, so that its mistakes show
    boolean holds = wanted.get().equals(view == View.WRAP ? "wrap" : "image");
    Settings target = holds ? this : new Settings(problems);
    target.readBody(source, fields.get(), part.path(), found);
  }

  private void readBody(String source, JsonFields fields, String path, List<JsonProblem> found) {
    for (JsonObject.Member member : fields.members()) {
      String key = member.name();
      String at = path + "." + key;
      if (LATER.contains(key)) {
        fields.problem(member.value(), key, "this version does not carry it out; take it out");
      } else if (OBJECTS.containsKey(key)) {
        readObject(source, key, member.value(), at, found);
      } else if (key.equals("filesystem")) {
        readKeyed(source, "filesystem", member.value(), at, found);
      } else if (key.equals("environment")) {
        readEnvironment(source, member.value(), at, found);
      } else if (key.equals("seccomp")) {
        readSeccomp(source, member.value(), at, found);
      } else if (BODY.contains(key)) {
        byKey.put(key, new Setting(source, at, member.value()));
      } else if (key.equals("vars")) {
        readKeyed(source, "vars", member.value(), at, found);
      }
    }
  }

  private void readObject(
      String source, String key, JsonValue value, String at, List<JsonProblem> found) {
    List<String> names = OBJECTS.getOrDefault(key, List.of());
    Optional<JsonFields> fields = JsonFields.of(value, at, names, found);
    if (fields.isPresent()) {
      for (JsonObject.Member member : fields.get().members()) {
        if (names.contains(member.name())) {
          String inner = at + "." + member.name();
          byKey.put(key + "." + member.name(), new Setting(source, inner, member.value()));
        }
      }
    }
  }

  private void readKeyed(
      String source, String key, JsonValue value, String at, List<JsonProblem> found) {
    if (!(value instanceof JsonObject object)) {
      found.add(new JsonProblem(value.position(), at, "expected an object, found " + value.kind()));
      return;
    }
    for (JsonObject.Member member : object.members()) {
      String inner = at + "[\"" + Printable.of(member.name()) + "\"]";
      byKey.put(key + "[" + member.name() + "]", new Setting(source, inner, member.value()));
    }
  }

  private void readEnvironment(String source, JsonValue value, String at, List<JsonProblem> found) {
    Optional<JsonFields> fields = JsonFields.of(value, at, List.of("pass", "set", "remove"), found);
    if (fields.isEmpty()) {
      return;
    }
    JsonFields environment = fields.get();
    for (JsonFields.Element<JsonString> each : environment.strings("pass")) {
      JsonValue on = new JsonBoolean(each.value().position(), true);
      byKey.put(
          "environment.pass[" + each.value().value() + "]", new Setting(source, each.path(), on));
    }
    environment
        .get("set")
        .ifPresent(set -> readKeyed(source, "environment.set", set, at + ".set", found));
    for (JsonFields.Element<JsonString> each : environment.strings("remove")) {
      JsonValue off = new JsonBoolean(each.value().position(), false);
      String removed = each.value().value();
      byKey.put("environment.pass[" + removed + "]", new Setting(source, each.path(), off));
      byKey.put("environment.set[" + removed + "]", new Setting(source, each.path(), off));
    }
  }

  private void readSeccomp(String source, JsonValue value, String at, List<JsonProblem> found) {
    if (value instanceof JsonString) {
      byKey.put("seccomp.profile", new Setting(source, at, value));
      return;
    }
    Optional<JsonFields> fields =
        JsonFields.of(value, at, List.of("profile", "allow", "deny"), found);
    if (fields.isEmpty()) {
      return;
    }
    fields
        .get()
        .get("profile")
        .ifPresent(
            profile -> byKey.put("seccomp.profile", new Setting(source, at + ".profile", profile)));
    // a name in both lists is denied: deny comes last
    for (String list : List.of("allow", "deny")) {
      for (JsonFields.Element<JsonString> each : fields.get().strings(list)) {
        JsonValue verdict = new JsonString(each.value().position(), list);
        byKey.put(
            "seccomp.call[" + each.value().value() + "]",
            new Setting(source, each.path(), verdict));
      }
    }
  }

  String name() {
    return name;
  }

  List<Setting> bestEffort() {
    return bestEffort;
  }

  Optional<Setting> get(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The keys below {@code prefix[...]} with their settings, in order. */
  Map<String, Setting> keyed(String prefix) {
    Map<String, Setting> result = new LinkedHashMap<>();
    byKey.forEach(
        (key, setting) -> {
          if (key.startsWith(prefix + "[")) {
            result.put(key.substring(prefix.length() + 1, key.length() - 1), setting);
          }
        });
    return result;
  }

  void problem(Setting setting, String message) {
    problem(setting, setting.value(), setting.path(), message);
  }

  void problem(Setting setting, JsonValue value, String path, String message) {
    problems.add(new PolicyProblem(setting.source(), value.position(), path, message));
  }

  static List<PolicyProblem> located(String source, List<JsonProblem> found) {
    return found.stream()
        .map(p -> new PolicyProblem(source, p.position(), p.path(), p.message()))
        .toList();
  }

  static String hint(String word, List<String> words) {
    return Nearest.hint(word, words);
  }

  /** Equal but for their places. */
  private static boolean sameValue(JsonValue one, JsonValue other) {
    if (one instanceof JsonObject a && other instanceof JsonObject b) {
      return a.members().size() == b.members().size()
          && a.members().stream()
              .allMatch(m -> b.get(m.name()).filter(v -> sameValue(m.value(), v)).isPresent());
    }
    if (one instanceof JsonArray a && other instanceof JsonArray b) {
      if (a.elements().size() != b.elements().size()) {
        return false;
      }
      for (int i = 0; i < a.elements().size(); i++) {
        if (!sameValue(a.elements().get(i), b.elements().get(i))) {
          return false;
        }
      }
      return true;
    }
    return text(one).equals(text(other));
  }

  private static String text(JsonValue value) {
    if (value instanceof JsonString string) {
      return "s" + string.value();
    }
    if (value instanceof JsonBoolean flag) {
      return "b" + flag.value();
    }
    if (value instanceof dev.caisson.json.JsonNumber number) {
      return "n" + number.literal();
    }
    return value.kind();
  }

  private static List<String> join(List<String> one, List<String> other) {
    List<String> all = new ArrayList<>(one);
    all.addAll(other);
    return List.copyOf(all);
  }
}
