package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.seccomp.ArgumentCondition;
import dev.caisson.policy.seccomp.CallGroups;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a policy lays on top of a seccomp profile. */
final class CallLayerReader {
  /** The members of a layer. */
  static final List<String> KEYS = List.of("allow", "deny", "rules", "otherwise");

  private static final List<String> RULE = List.of("syscall", "when", "then");

  private final String source;
  private final List<JsonProblem> problems;
  private final CallLayer layer = new CallLayer();

  CallLayerReader(String source, List<JsonProblem> problems) {
    this.source = source;
    this.problems = problems;
  }

  CallLayer read(JsonFields fields) {
    list(fields, "allow", new SeccompAction.Allow());
    list(fields, "deny", ActionWord.DENY);
    for (JsonFields.Element<JsonValue> element : fields.elements("rules")) {
      JsonFields.of(element.value(), element.path(), RULE, problems)
          .ifPresent(rule -> rule(rule, element));
    }
    fields.get("otherwise").ifPresent(value -> otherwise(value, fields.path("otherwise")));
    return layer;
  }

  private void list(JsonFields fields, String list, SeccompAction action) {
    for (JsonFields.Element<JsonString> each : fields.strings(list)) {
      for (String call : calls(each.value(), each.path())) {
        add(CallRule.always(call, action), each.value(), each.path());
      }
    }
  }

  private void rule(JsonFields rule, JsonFields.Element<JsonValue> element) {
    Optional<SeccompAction> action = Optional.of(new SeccompAction.Allow());
    if (rule.has("then")) {
      JsonValue written = rule.get("then").orElseThrow();
      action = ActionWord.read(new Source(written, rule.path("then"), problems));
    }
    List<String> calls = named(rule);
    List<ArgumentCondition> conditions = List.of();
    if (rule.has("when")) {
      int before = problems.size();
      JsonValue written = rule.get("when").orElseThrow();
      conditions = new ConditionReader(problems).read(written, rule.path("when"), calls);
      if (problems.size() > before) {
        return;
      }
    }
    for (String call : action.isPresent() ? calls : List.<String>of()) {
      add(new CallRule(call, conditions, action.get()), element.value(), element.path());
    }
  }

  /** The calls that a rule is about. */
  private List<String> named(JsonFields rule) {
    Optional<JsonValue> written = rule.get("syscall");
    if (written.isEmpty()) {
      problem(new JsonString(rule.position(), ""), rule.path("syscall"), "missing: the calls");
      return List.of();
    }
    if (written.get() instanceof JsonString one) {
      return calls(one, rule.path("syscall"));
    }
    List<String> calls = new ArrayList<>();
    for (JsonFields.Element<JsonString> each : rule.strings("syscall")) {
      calls.addAll(calls(each.value(), each.path()));
    }
    return calls;
  }

  private void otherwise(JsonValue value, String at) {
    if (!(value instanceof JsonObject object)) {
      new Source(value, at, problems).expected("an object");
      return;
    }
    for (JsonObject.Member member : object.members()) {
      String inner = JsonPath.member(at, member.name());
      Optional<SeccompAction> action = ActionWord.read(new Source(member.value(), inner, problems));
      JsonString name = new JsonString(member.namePosition(), member.name());
      for (String call : calls(name, inner)) {
        if (action.isPresent()) {
          Setting<CallRule> setting = setting(CallRule.always(call, action.get()), name, inner);
          layer.addOtherwise(setting).ifPresent(other -> contradiction(name, inner, call, other));
        }
      }
    }
  }

  /** The call of that name, or those of the group. */
  private List<String> calls(JsonString name, String at) {
    String written = name.value();
    if (written.startsWith("@")) {
      Optional<List<String>> calls = CallGroups.calls(written);
      if (calls.isEmpty()) {
        String hint = CallGroups.hint(written);
        String all = "; there are " + String.join(", ", CallGroups.names());
        problem(
            name, at, "no such group: " + JsonPath.quoted(written) + (hint.isEmpty() ? all : hint));
      }
      return calls.orElse(List.of());
    }
    Optional<String> unknown = SeccompProfile.hintUnknownCall(written);
    if (unknown.isPresent()) {
      problem(name, at, "no such system call: " + JsonPath.quoted(written) + unknown.get());
      return List.of();
    }
    return List.of(written);
  }

  private void add(CallRule rule, JsonValue value, String at) {
    layer
        .add(setting(rule, value, at))
        .ifPresent(other -> contradiction(value, at, rule.call(), other));
  }

  private void contradiction(JsonValue value, String at, String call, Setting<CallRule> other) {
    problem(
        value,
        at,
        "two errnos for the same calls of "
            + call
            + ": "
            + other.origin()
            + " says "
            + other.value().then());
  }

  private Setting<CallRule> setting(CallRule rule, JsonValue value, String at) {
    return new Setting<>(rule, new Origin(source, value.position(), at));
  }

  private void problem(JsonValue value, String at, String message) {
    problems.add(new JsonProblem(value.position(), at, message));
  }
}
