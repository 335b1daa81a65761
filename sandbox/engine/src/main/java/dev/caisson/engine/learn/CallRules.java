package dev.caisson.engine.learn;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.seccomp.Abi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rules about calls by the arguments that are told apart, in the words of a policy. */
final class CallRules {
  private final Abi abi;

  CallRules(Abi abi) {
    this.abi = abi;
  }

  /** Rules that allow a call with each of these values of what is kept of its arguments. */
  List<JsonValue> allow(
      String call, List<TrackedArguments.Argument> kept, List<List<Long>> values) {
    if (kept.size() == 1) {
      return List.of(rule(call, one(kept.get(0), values)));
    }
    List<JsonValue> rules = new ArrayList<>();
    for (List<Long> each : values) {
      rules.add(rule(call, all(kept, each)));
    }
    return rules;
  }

  /** A rule that refuses a call, with these values where there are any. */
  JsonValue refuse(
      String call, List<TrackedArguments.Argument> kept, List<Long> values, String errno) {
    JsonValue then = JsonText.object(Map.of("errno", JsonText.text(errno)));
    return JsonText.with(rule(call, all(kept, values)), "then", then);
  }

  private static JsonObject rule(String call, Map<String, JsonValue> when) {
    Map<String, JsonValue> rule = new LinkedHashMap<>();
    rule.put("syscall", JsonText.text(call));
    if (!when.isEmpty()) {
      rule.put("when", JsonText.object(when));
    }
    return JsonText.object(rule);
  }

  private Map<String, JsonValue> one(TrackedArguments.Argument kept, List<List<Long>> values) {
    if (values.size() == 1 || kept.kind() == TrackedArguments.Kind.ZERO) {
      return all(List.of(kept), values.get(0));
    }
    List<JsonValue> texts = new ArrayList<>();
    for (List<Long> value : values) {
      texts.add(JsonText.text(kept.text(value.get(0), abi)));
    }
    return Map.of(kept.name(), JsonText.object(Map.of("in", JsonText.array(texts))));
  }

  private Map<String, JsonValue> all(List<TrackedArguments.Argument> kept, List<Long> values) {
    Map<String, JsonValue> when = new LinkedHashMap<>();
    for (int i = 0; i < kept.size(); i++) {
      when.put(kept.get(i).name(), condition(kept.get(i), values.get(i)));
    }
    return when;
  }

  private JsonValue condition(TrackedArguments.Argument kept, long value) {
    JsonValue text = JsonText.text(kept.text(value, abi));
    return switch (kept.kind()) {
      case VALUE, FLAGS -> text;
      case SOCKET_TYPE -> {
        Map<String, JsonValue> masked = new LinkedHashMap<>();
        masked.put("mask", JsonText.text("SOCK_TYPE_MASK"));
        masked.put("eq", text);
        yield JsonText.object(masked);
      }
      case ZERO ->
          value == 0 ? JsonText.number(0) : JsonText.object(Map.of("ne", JsonText.number(0)));
    };
  }
}
