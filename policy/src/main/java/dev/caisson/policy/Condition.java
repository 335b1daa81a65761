package dev.caisson.policy;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Field.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * When a part of a policy holds: where each of these lists is empty or names what is there.
 *
 * @param capabilities that the program keeps
 */
record Condition(
    List<View> views,
    List<Architecture> architectures,
    List<KernelRange> kernels,
    List<Capability> capabilities,
    List<HostFeature> features) {
  private static final List<String> KEYS =
      List.of("view", "arch", "kernel", "capability", "feature");
  private static final List<View> VIEWS = List.of(View.WRAP, View.IMAGE);

  static Optional<Condition> read(JsonValue value, String at, List<JsonProblem> problems) {
    int before = problems.size();
    Optional<JsonFields> read = JsonFields.of(value, at, KEYS, problems);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    if (fields.members().isEmpty()) {
      String expected = "expected at least one of " + String.join(", ", KEYS) + " in it";
      problems.add(new JsonProblem(value.position(), at, expected));
    }
    Condition condition =
        new Condition(
            words(fields, "view", VIEWS, Words::of, problems),
            words(
                fields, "arch", List.of(Architecture.values()), Architecture::kernelName, problems),
            kernels(fields, problems),
            words(fields, "capability", List.of(Capability.values()), Words::of, problems),
            words(fields, "feature", List.of(HostFeature.values()), Words::of, problems));
    return problems.size() > before ? Optional.empty() : Optional.of(condition);
  }

  private static <T> List<T> words(
      JsonFields fields,
      String key,
      List<T> all,
      Function<T, String> word,
      List<JsonProblem> problems) {
    List<T> found = new ArrayList<>();
    List<String> words = all.stream().map(word).toList();
    for (Source source : oneOrMore(fields, key, problems)) {
      Optional<String> text = source.string();
      int index = text.map(words::indexOf).orElse(0);
      if (text.isPresent() && index < 0) {
        boolean few = words.size() <= 10;
        source.mistake(
            (few ? "expected one of " + String.join(", ", words) + ", found " : "no such name: ")
                + JsonPath.quoted(text.get())
                + Nearest.hint(text.get(), words));
      } else if (text.isPresent()) {
        found.add(all.get(index));
      }
    }
    return found;
  }

  private static List<KernelRange> kernels(JsonFields fields, List<JsonProblem> problems) {
    List<KernelRange> found = new ArrayList<>();
    for (Source source : oneOrMore(fields, "kernel", problems)) {
      Optional<String> text = source.string();
      Optional<KernelRange> range = text.flatMap(KernelRange::parse);
      if (text.isPresent() && range.isEmpty()) {
        source.expected(KernelRange.EXPECTED);
      }
      range.ifPresent(found::add);
    }
    return found;
  }

  /** The elements of an array, any of which is enough, or a single value. */
  private static List<Source> oneOrMore(JsonFields fields, String key, List<JsonProblem> problems) {
    if (!fields.has(key)) {
      return List.of();
    }
    Source source = new Source(fields.get(key).orElseThrow(), fields.path(key), problems);
    if (!(source.value() instanceof JsonArray array)) {
      return List.of(source);
    }
    if (array.elements().isEmpty()) {
      source.mistake("it never holds: expected at least one");
    }
    return source.elements("an array").orElseThrow();
  }

  /** What {@link #read} takes. */
  static JsonSchema schema() {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put(
        "view",
        any(JsonSchema.oneOf(VIEWS.stream().map(Words::of).toList()))
            .described("wrap: a command of the host. image: a program of an image."));
    members.put(
        "arch",
        any(
            JsonSchema.oneOf(
                List.of(Architecture.values()).stream().map(Architecture::kernelName).toList())));
    members.put("kernel", any(JsonSchema.string("^(>=|<|==)[0-9]{1,3}\\.[0-9]{1,3}$")));
    members.put("capability", any(words(List.of(Capability.values()))));
    members.put("feature", any(words(List.of(HostFeature.values()))));
    return JsonSchema.object(members).with("minProperties", JsonText.number(1));
  }

  private static JsonSchema words(List<? extends Enum<?>> constants) {
    return JsonSchema.oneOf(constants.stream().map(Words::of).toList());
  }

  private static JsonSchema any(JsonSchema one) {
    JsonSchema several = JsonSchema.arrayOf(one).with("minItems", JsonText.number(1));
    return JsonSchema.anyOf(List.of(one, several));
  }

  /** Whether it asks for capabilities, which must be known first. */
  boolean needsCapabilities() {
    return !capabilities.isEmpty();
  }

  boolean holds(View view, HostFacts host, Set<Capability> kept) {
    return (views.isEmpty() || views.contains(view))
        && (architectures.isEmpty() || architectures.contains(host.architecture()))
        && (kernels.isEmpty() || kernels.stream().anyMatch(k -> k.contains(host.kernel())))
        && (capabilities.isEmpty() || capabilities.stream().anyMatch(kept::contains))
        && (features.isEmpty() || features.stream().anyMatch(f -> f.isOf(host)));
  }
}
