package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How far the clocks inside are from the host's. That allows nothing. */
final class TimeField extends Field<TimeOffsets> {
  private static final String EXPECTED =
      "a duration with its unit (ms, s, m, h), a - before it where the clock is behind";

  TimeField(String path) {
    super(path);
  }

  @Override
  JsonSchema schema() {
    JsonSchema offset = JsonSchema.string("^-?[0-9]+(ms|s|m|h)$");
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("monotonic", offset);
    members.put("boottime", offset);
    return JsonSchema.object(members).with("minProperties", JsonText.number(1));
  }

  @Override
  Optional<TimeOffsets> read(Source source) {
    int before = source.problems().size();
    Optional<JsonFields> read =
        JsonFields.of(
            source.value(), source.at(), List.of("monotonic", "boottime"), source.problems());
    if (read.isEmpty() || source.problems().size() > before) {
      return Optional.empty();
    }
    if (read.get().members().isEmpty()) {
      return source.mistake("expected \"monotonic\" or \"boottime\" in it");
    }
    Optional<Duration> monotonic = offset(source, read.get(), "monotonic");
    Optional<Duration> boottime = offset(source, read.get(), "boottime");
    return monotonic.flatMap(m -> boottime.map(b -> new TimeOffsets(m, b)));
  }

  private static Optional<Duration> offset(Source source, JsonFields fields, String clock) {
    if (!fields.has(clock)) {
      return Optional.of(Duration.ZERO);
    }
    Source member = source.member(clock, fields);
    String text = member.value() instanceof JsonString string ? string.value() : "";
    boolean behind = text.startsWith("-");
    OptionalLong milliseconds = Unit.milliseconds(behind ? text.substring(1) : text);
    return milliseconds.isEmpty()
        ? member.expected(EXPECTED)
        : Optional.of(Duration.ofMillis((behind ? -1 : 1) * milliseconds.getAsLong()));
  }

  static JsonValue written(TimeOffsets offsets) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("monotonic", JsonText.text(text(offsets.monotonic())));
    members.put("boottime", JsonText.text(text(offsets.boottime())));
    return JsonText.object(members);
  }

  private static String text(Duration offset) {
    return (offset.isNegative() ? "-" : "") + Unit.duration(Math.abs(offset.toMillis()));
  }
}
