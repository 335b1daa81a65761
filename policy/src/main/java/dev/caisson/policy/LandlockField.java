package dev.caisson.policy;

import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Whether there are Landlock rules, what they need of the kernel, and the ports they know. */
final class LandlockField extends OrderedField<Landlock> {
  private static final int MOST = 1000;
  private static final List<String> MEMBERS = List.of("abi", "connect", "bind", "log");

  LandlockField(String path) {
    super(path, Landlock.ON);
  }

  @Override
  JsonSchema schema() {
    JsonSchema ports = JsonSchema.arrayOf(JsonSchema.wholeNumber(0, Destination.LAST_PORT));
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("abi", JsonSchema.wholeNumber(1, MOST));
    members.put("connect", ports.described("The only TCP ports that may be connected to."));
    members.put("bind", ports.described("The only TCP ports that may be bound."));
    members.put("log", JsonSchema.flag().described("Whether the audit log names refusals."));
    JsonSchema object = JsonSchema.object(members);
    return JsonSchema.anyOf(
        List.of(
            JsonSchema.flag(),
            object.requiring("abi"),
            object.requiring("connect"),
            object.requiring("bind"),
            object.requiring("log")));
  }

  @Override
  Optional<Landlock> read(Source source) {
    if (source.value() instanceof JsonBoolean flag) {
      return Optional.of(flag.value() ? Landlock.ON : Landlock.OFF);
    }
    if (!(source.value() instanceof JsonObject object)) {
      return source.expected("true, false or {\"abi\": ...}");
    }
    int before = source.problems().size();
    Optional<JsonFields> fields =
        JsonFields.of(source.value(), source.at(), MEMBERS, source.problems());
    Optional<Landlock> read = fields.flatMap(f -> object(f, source));
    if (source.problems().size() > before) {
      return Optional.empty();
    }
    return object.members().isEmpty() || read.isEmpty()
        ? source.mistake("expected \"abi\": a whole number from 1")
        : read;
  }

  /** Empty where the ABI is no number above 0. */
  private static Optional<Landlock> object(JsonFields fields, Source source) {
    OptionalLong abi = fields.number("abi", MOST);
    if (fields.has("abi") && abi.orElse(0) < 1) {
      return Optional.empty();
    }
    return Optional.of(
        new Landlock(
            true,
            (int) abi.orElse(1),
            ports("connect", fields, source),
            ports("bind", fields, source),
            fields.flag("log").orElse(false)));
  }

  private static Optional<Set<Integer>> ports(String key, JsonFields fields, Source source) {
    if (!fields.has(key)) {
      return Optional.empty();
    }
    Set<Integer> ports = new TreeSet<>();
    for (JsonFields.Element<JsonValue> element : fields.elements(key)) {
      long port = element.value() instanceof JsonNumber number ? number.asLong().orElse(-1) : -1;
      if (port >= 0 && port <= Destination.LAST_PORT) {
        ports.add((int) port);
      } else {
        new Source(element.value(), element.path(), source.problems())
            .expected("a port from 0 to " + Destination.LAST_PORT);
      }
    }
    return Optional.of(ports);
  }

  @Override
  Optional<JsonValue> write(Landlock value) {
    if (value.equals(Landlock.ON) || value.equals(Landlock.OFF)) {
      return Optional.of(JsonText.flag(value.on()));
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("abi", JsonText.number(value.atLeast()));
    value.connect().ifPresent(ports -> members.put("connect", numbers(ports)));
    value.bind().ifPresent(ports -> members.put("bind", numbers(ports)));
    if (value.log()) {
      members.put("log", JsonText.flag(true));
    }
    return Optional.of(JsonText.object(members));
  }

  private static JsonValue numbers(Set<Integer> ports) {
    return JsonText.array(ports.stream().map(JsonText::number).toList());
  }

  @Override
  Optional<String> excess(Landlock one, Landlock other) {
    if (!other.on()) {
      return Optional.empty();
    }
    if (!one.on()) {
      return Optional.of(path() + " is false, not true");
    }
    if (one.atLeast() < other.atLeast()) {
      return Optional.of(
          path() + " is content with ABI " + one.atLeast() + ", not " + other.atLeast());
    }
    if (other.log() && !one.log()) {
      return Optional.of(path() + ".log is false, not true");
    }
    return excess("connect", one.connect(), other.connect())
        .or(() -> excess("bind", one.bind(), other.bind()));
  }

  private Optional<String> excess(
      String key, Optional<Set<Integer>> one, Optional<Set<Integer>> other) {
    if (other.isEmpty() || one.isPresent() && other.get().containsAll(one.get())) {
      return Optional.empty();
    }
    if (one.isEmpty()) {
      return Optional.of(path() + "." + key + " lists no ports, which lets all through");
    }
    Set<Integer> more = new TreeSet<>(one.get());
    more.removeAll(other.get());
    return Optional.of(path() + "." + key + " lists the port " + more.iterator().next());
  }
}
