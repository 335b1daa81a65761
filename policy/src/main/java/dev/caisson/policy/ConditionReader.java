package dev.caisson.policy;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.seccomp.ArgumentCondition;
import dev.caisson.policy.seccomp.ArgumentCondition.Operator;
import dev.caisson.policy.seccomp.ArgumentCondition.Test;
import dev.caisson.policy.seccomp.ArgumentNames;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.ConditionValue;
import dev.caisson.policy.seccomp.Constants;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code when} of a rule: conditions on arguments, all of which must hold. */
final class ConditionReader {
  private static final String MASK = "mask";
  private static final Map<String, Operator> OPERATORS = new LinkedHashMap<>();

  static {
    OPERATORS.put("eq", Operator.EQ);
    OPERATORS.put("ne", Operator.NE);
    OPERATORS.put("lt", Operator.LT);
    OPERATORS.put("le", Operator.LE);
    OPERATORS.put("gt", Operator.GT);
    OPERATORS.put("ge", Operator.GE);
    OPERATORS.put("in", Operator.IN);
    OPERATORS.put("notIn", Operator.NOT_IN);
    OPERATORS.put("range", Operator.RANGE);
  }

  private final List<JsonProblem> problems;

  ConditionReader(List<JsonProblem> problems) {
    this.problems = problems;
  }

  /** How {@code operator} is written. */
  static String word(Operator operator) {
    for (Map.Entry<String, Operator> entry : OPERATORS.entrySet()) {
      if (entry.getValue() == operator) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException(operator.toString());
  }

  /** Whether it compares with one number, not with several. */
  static boolean isSingle(Operator operator) {
    return operator != Operator.IN && operator != Operator.NOT_IN && operator != Operator.RANGE;
  }

  /**
   * @param calls what the rule is about; each must have the arguments
   */
  List<ArgumentCondition> read(JsonValue value, String at, List<String> calls) {
    List<ArgumentCondition> conditions = new ArrayList<>();
    if (!(value instanceof JsonObject object)) {
      problem(value, at, "expected an object of conditions by argument, found " + value.kind());
      return conditions;
    }
    long ways = 1;
    for (JsonObject.Member member : object.members()) {
      String inner = JsonPath.member(at, member.name());
      for (String call : calls) {
        ArgumentNames.mistake(call, member.name())
            .ifPresent(m -> problems.add(new JsonProblem(member.namePosition(), inner, m)));
      }
      List<Test> tests = tests(member.value(), inner);
      for (Test test : tests) {
        ways *= test.operator() == Operator.IN ? test.values().size() : 1;
      }
      if (ways > CallRule.MOST_WAYS) {
        problem(member.value(), inner, "more than " + CallRule.MOST_WAYS + " combinations");
        return conditions;
      }
      conditions.add(new ArgumentCondition(member.name(), tests));
    }
    if (conditions.isEmpty()) {
      problem(value, at, "no condition; leave it out for a rule that always holds");
    }
    return conditions;
  }

  private List<Test> tests(JsonValue value, String at) {
    if (!(value instanceof JsonObject object)) {
      return List.of(new Test(Operator.EQ, values(value, at), Optional.empty()));
    }
    List<String> keys = new ArrayList<>(OPERATORS.keySet());
    keys.add(MASK);
    Optional<JsonFields> fields = JsonFields.of(object, at, keys, problems);
    Optional<ConditionValue> mask =
        fields.flatMap(f -> f.get(MASK)).flatMap(m -> one(m, JsonPath.member(at, MASK)));
    List<Test> tests = new ArrayList<>();
    for (JsonObject.Member member : object.members()) {
      Operator operator = OPERATORS.get(member.name());
      if (operator != null) {
        String inner = JsonPath.member(at, member.name());
        tests.add(new Test(operator, operands(operator, member.value(), inner), mask));
      }
    }
    if (tests.isEmpty()) {
      problem(value, at, "expected one of " + String.join(", ", OPERATORS.keySet()));
    }
    boolean maskable =
        tests.stream().allMatch(t -> t.operator() == Operator.EQ || t.operator() == Operator.IN);
    if (mask.isPresent() && !maskable) {
      problem(value, at, "a mask goes with eq or in");
    }
    return tests;
  }

  private List<ConditionValue> operands(Operator operator, JsonValue value, String at) {
    if (isSingle(operator)) {
      return values(value, at);
    }
    List<ConditionValue> all = new ArrayList<>();
    if (!(value instanceof JsonArray array)) {
      problem(value, at, "expected an array, found " + value.kind());
      return all;
    }
    int index = 0;
    for (JsonValue element : array.elements()) {
      all.addAll(values(element, at + "[" + index++ + "]"));
    }
    if (operator == Operator.RANGE && array.elements().size() != 2) {
      problem(value, at, "expected the first and the last number of a range");
    } else if (array.elements().isEmpty()) {
      problem(value, at, "expected at least one number");
    }
    return all;
  }

  private List<ConditionValue> values(JsonValue value, String at) {
    return one(value, at).map(List::of).orElse(List.of());
  }

  /** A number, a constant's name, or several of them joined by a bar. */
  Optional<ConditionValue> one(JsonValue value, String at) {
    if (value instanceof JsonNumber number) {
      return literal(number.literal(), value, at).map(ConditionValue::of);
    }
    if (!(value instanceof JsonString text)) {
      problem(value, at, "expected a number or a constant's name, found " + value.kind());
      return Optional.empty();
    }
    long bits = 0;
    List<String> constants = new ArrayList<>();
    for (String word : text.value().split("\\|", -1)) {
      if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
        Optional<Long> number = literal(word, value, at);
        if (number.isEmpty()) {
          return Optional.empty();
        }
        bits |= number.get();
      } else if (Constants.contains(word)) {
        constants.add(word);
      } else {
        problem(value, at, "no such constant: " + JsonPath.quoted(word) + Constants.hint(word));
        return Optional.empty();
      }
    }
    return Optional.of(new ConditionValue(bits, constants));
  }

  private Optional<Long> literal(String text, JsonValue value, String at) {
    boolean hex = text.startsWith("0x");
    String digits = hex ? text.substring(2) : text;
    try {
      if (!digits.startsWith("+")) {
        return Optional.of(Long.parseUnsignedLong(digits, hex ? 16 : 10));
      }
    } catch (NumberFormatException beyond) {
      // said below
    }
    String shown = text.length() <= 30 ? text : text.substring(0, 30) + "...";
    problem(value, at, "expected a whole number from 0 to 2^64-1, found " + shown);
    return Optional.empty();
  }

  private void problem(JsonValue value, String at, String message) {
    problems.add(new JsonProblem(value.position(), at, message));
  }
}
