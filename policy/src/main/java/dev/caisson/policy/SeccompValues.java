package dev.caisson.policy;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.CallLayers.Form;
import dev.caisson.policy.seccomp.ArgumentCondition;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.ConditionValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** States what lies on top of a seccomp profile in the language. */
final class SeccompValues {
  private final List<StatedValue> values = new ArrayList<>();

  /** The values of {@code layers}, as members of a document's {@code seccomp}. */
  static List<StatedValue> of(List<CallLayer> layers) {
    SeccompValues stated = new SeccompValues();
    int last = layers.size() - 1;
    for (int i = 0; i < last; i++) {
      stated.element(object(layers.get(i)), layers.get(i).origin(), "layers");
    }
    if (last >= 0) {
      stated.layer(layers.get(last));
    }
    return stated.values;
  }

  private void layer(CallLayer layer) {
    for (Setting<CallRule> each : of(layer, Form.ALLOW)) {
      element(JsonText.text(each.value().call()), Optional.of(each.origin()), "allow");
    }
    for (Setting<CallRule> each : of(layer, Form.DENY)) {
      element(JsonText.text(each.value().call()), Optional.of(each.origin()), "deny");
    }
    for (List<Setting<CallRule>> alike : alike(of(layer, Form.RULE))) {
      element(rule(alike), Optional.of(alike.get(0).origin()), "rules");
    }
    for (Setting<CallRule> each : layer.otherwise()) {
      values.add(
          new StatedValue(
              List.of("seccomp", "otherwise", each.value().call()),
              false,
              ActionWord.write(each.value().then()),
              Optional.of(each.origin())));
    }
  }

  private void element(JsonValue value, Optional<Origin> origin, String list) {
    values.add(new StatedValue(List.of("seccomp", list), true, value, origin));
  }

  /** A layer as an object of its own. */
  private static JsonValue object(CallLayer layer) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    put(members, "allow", of(layer, Form.ALLOW).stream().map(SeccompValues::call).toList());
    put(members, "deny", of(layer, Form.DENY).stream().map(SeccompValues::call).toList());
    put(members, "rules", alike(of(layer, Form.RULE)).stream().map(SeccompValues::rule).toList());
    Map<String, JsonValue> otherwise = new LinkedHashMap<>();
    layer
        .otherwise()
        .forEach(each -> otherwise.put(each.value().call(), ActionWord.write(each.value().then())));
    if (!otherwise.isEmpty()) {
      members.put("otherwise", JsonText.object(otherwise));
    }
    return JsonText.object(members);
  }

  private static void put(Map<String, JsonValue> members, String list, List<JsonValue> elements) {
    if (!elements.isEmpty()) {
      members.put(list, JsonText.array(elements));
    }
  }

  private static JsonValue call(Setting<CallRule> setting) {
    return JsonText.text(setting.value().call());
  }

  private static List<Setting<CallRule>> of(CallLayer layer, Form form) {
    List<Setting<CallRule>> chosen = new ArrayList<>();
    layer
        .settings()
        .forEach(
            (key, setting) -> {
              if (Form.of(key, setting.value()) == form) {
                chosen.add(setting);
              }
            });
    return chosen;
  }

  /** Rules that were written as one. */
  private static List<List<Setting<CallRule>>> alike(List<Setting<CallRule>> rules) {
    Map<Origin, List<Setting<CallRule>>> alike = new LinkedHashMap<>();
    for (Setting<CallRule> rule : rules) {
      alike.computeIfAbsent(rule.origin(), origin -> new ArrayList<>()).add(rule);
    }
    return List.copyOf(alike.values());
  }

  private static JsonValue rule(List<Setting<CallRule>> alike) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    List<String> calls = alike.stream().map(each -> each.value().call()).toList();
    members.put("syscall", calls.size() == 1 ? JsonText.text(calls.get(0)) : JsonText.texts(calls));
    CallRule rule = alike.get(0).value();
    if (!rule.unconditional()) {
      Map<String, JsonValue> conditions = new LinkedHashMap<>();
      rule.when().forEach(when -> conditions.put(when.argument(), condition(when)));
      members.put("when", JsonText.object(conditions));
    }
    members.put("then", ActionWord.write(rule.then()));
    return JsonText.object(members);
  }

  private static JsonValue condition(ArgumentCondition condition) {
    Map<String, JsonValue> tests = new LinkedHashMap<>();
    for (ArgumentCondition.Test test : condition.tests()) {
      test.mask().ifPresent(mask -> tests.put("mask", value(mask)));
      List<JsonValue> operands = test.values().stream().map(SeccompValues::value).toList();
      boolean single = ConditionReader.isSingle(test.operator());
      tests.put(
          ConditionReader.word(test.operator()),
          single ? operands.get(0) : JsonText.array(operands));
    }
    return JsonText.object(tests);
  }

  private static JsonValue value(ConditionValue value) {
    boolean small = value.constants().isEmpty() && Long.compareUnsigned(value.bits(), 10) < 0;
    return small ? JsonText.number(value.bits()) : JsonText.text(value.toString());
  }
}
