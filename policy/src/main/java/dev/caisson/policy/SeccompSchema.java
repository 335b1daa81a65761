package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.policy.seccomp.ArgumentCondition.Operator;
import dev.caisson.policy.seccomp.CallGroups;
import dev.caisson.policy.seccomp.ErrnoName;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link CallLayerReader} takes. */
final class SeccompSchema {
  /** A name, or an index from 0 to 5. */
  private static final String ARGUMENT = "^[0-5]$|[^0-9]";

  private static final String VALUE =
      "^(0x[0-9a-fA-F]+|[0-9]+|[A-Z]\\w*)(\\|(0x[0-9a-fA-F]+|[0-9]+|[A-Z]\\w*))*$";

  private SeccompSchema() {}

  /**
   * A whole {@code seccomp}.
   *
   * @param fields its members that are replaced as a whole
   */
  static JsonSchema of(Map<String, JsonSchema> fields) {
    Map<String, JsonSchema> members = new LinkedHashMap<>(fields);
    members.putAll(layer());
    members.put("layers", JsonSchema.arrayOf(JsonSchema.object(layer())));
    members.replaceAll((name, s) -> s.described(FieldMeaning.of("seccomp." + name)));
    return JsonSchema.anyOf(
        List.of(JsonSchema.oneOf(SeccompProfile.BUILT_IN), JsonSchema.object(members)));
  }

  /** What the members refer to, by name. */
  static Map<String, JsonSchema> definitions() {
    Map<String, JsonSchema> definitions = new LinkedHashMap<>();
    definitions.put("call", SeccompProfile.callSchema());
    definitions.put("callOrGroup", callOrGroup());
    definitions.put("action", action());
    definitions.put("rule", rule());
    definitions.put("condition", condition());
    definitions.put("value", value());
    return definitions;
  }

  /** An argument of a call. */
  static JsonSchema argument() {
    return JsonSchema.string(ARGUMENT);
  }

  private static Map<String, JsonSchema> layer() {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    JsonSchema calls = JsonSchema.arrayOf(JsonSchema.defined("callOrGroup"));
    members.put("allow", calls);
    members.put("deny", calls);
    members.put("rules", JsonSchema.arrayOf(JsonSchema.defined("rule")));
    members.put(
        "otherwise",
        JsonSchema.map(JsonSchema.defined("callOrGroup"), JsonSchema.defined("action")));
    return members;
  }

  private static JsonSchema callOrGroup() {
    return JsonSchema.anyOf(
        List.of(JsonSchema.defined("call"), JsonSchema.oneOf(CallGroups.names())));
  }

  private static JsonSchema rule() {
    JsonSchema call = JsonSchema.defined("callOrGroup");
    JsonSchema conditions = JsonSchema.map(argument(), JsonSchema.defined("condition"));
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put(
        "syscall",
        JsonSchema.anyOf(List.of(call, JsonSchema.arrayOf(call)))
            .described("The calls: names, or groups as @mount."));
    members.put(
        "when",
        atLeast(1, conditions)
            .described("Conditions by argument, its name or index; all must hold."));
    members.put("then", JsonSchema.defined("action").described("Default: allow."));
    return JsonSchema.object(members).requiring("syscall");
  }

  private static JsonSchema condition() {
    Map<String, JsonSchema> plain = new LinkedHashMap<>();
    for (Operator operator : Operator.values()) {
      plain.put(ConditionReader.word(operator), operands(operator));
    }
    Map<String, JsonSchema> masked = new LinkedHashMap<>();
    masked.put("mask", JsonSchema.defined("value"));
    masked.put("eq", operands(Operator.EQ));
    masked.put("in", operands(Operator.IN));
    return JsonSchema.anyOf(
        List.of(
            JsonSchema.defined("value"),
            atLeast(1, JsonSchema.object(plain)),
            atLeast(2, JsonSchema.object(masked).requiring("mask"))));
  }

  private static JsonSchema operands(Operator operator) {
    JsonSchema value = JsonSchema.defined("value");
    if (ConditionReader.isSingle(operator)) {
      return value;
    }
    JsonSchema list = JsonSchema.arrayOf(value);
    return operator == Operator.RANGE
        ? list.with("minItems", JsonText.number(2)).with("maxItems", JsonText.number(2))
        : list.with("minItems", JsonText.number(1));
  }

  private static JsonSchema value() {
    return JsonSchema.anyOf(List.of(JsonSchema.wholeNumber(0), JsonSchema.string(VALUE)));
  }

  private static JsonSchema action() {
    JsonSchema errno =
        JsonSchema.anyOf(
            List.of(
                JsonSchema.oneOf(ErrnoName.names()), JsonSchema.wholeNumber(1, ErrnoName.MOST)));
    return JsonSchema.anyOf(
        List.of(
            JsonSchema.oneOf(ActionWord.words()),
            JsonSchema.object(Map.of("errno", errno)).requiring("errno")));
  }

  private static JsonSchema atLeast(int members, JsonSchema object) {
    return object.with("minProperties", JsonText.number(members));
  }
}
