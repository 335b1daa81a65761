package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates a policy's {@code seccomp} call by call, as docs/policy.md defines it and with nothing
 * of the reader's or the compiler's code: the oracle of the tests.
 */
public final class ReferenceLayers {
  private static final List<String> STRICTEST_FIRST =
      List.of(
          "kill-process", "kill-thread", "trap", "deny", "EIO", "notify", "trace", "log", "allow");
  private static final List<Integer> VALUES =
      List.of(
          0x80000000,
          0,
          0x00030000,
          0x00050001,
          0x00050005,
          0x7fc00000,
          0x7ff00000,
          0x7ffc0000,
          0x7fff0000);

  private final JsonObject section;
  private final String abi;
  private final ReferenceEvaluator profile;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<String, List<String>> arguments = new HashMap<>();
  private final Map<String, List<String>> groups = new HashMap<>();
  private final Map<String, String> constants = new HashMap<>();

  /**
   * @param profile the text of the profile
   * @param abi whose tables count
   */
  public ReferenceLayers(JsonObject section, byte[] profile, String abi) {
    this.section = section;
    this.abi = abi;
    this.profile =
        new ReferenceEvaluator(JsonDocument.read("profile", profile), abi, 6, 12, Set.of());
    for (String[] row : ReferenceEvaluator.rows(abi + ".tsv")) {
      names.put(Integer.valueOf(row[0]), row[1]);
    }
    for (String[] row : ReferenceEvaluator.rows("args-" + abi + ".tsv")) {
      String name = names.get(Integer.valueOf(row[0]));
      arguments.put(name, row.length > 2 ? Arrays.asList(row[2].split(" ")) : List.of());
    }
    for (String[] row : ReferenceEvaluator.rows("groups.tsv")) {
      groups.put(row[0], List.of(row[1].split(" ")));
    }
    for (String[] row : ReferenceEvaluator.rows("constants.tsv")) {
      String value = row[1];
      for (String other : row.length > 2 ? row[2].split(" ") : new String[0]) {
        value = other.startsWith(abi + "=") ? other.replaceAll(".*=", "") : value;
      }
      constants.put(row[0], value);
    }
  }

  /** The number of a call of the ABI; -1 where it has none. */
  public int number(String name) {
    return names.entrySet().stream()
        .filter(e -> e.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(-1);
  }

  /** The value that a filter has to return. */
  public int returnValue(int number, long[] values) {
    String name = names.getOrDefault(number, "");
    List<JsonObject> layers = new ArrayList<>(List.of(section));
    for (JsonValue layer : list(section, "layers")) {
      layers.add(1, (JsonObject) layer);
    }
    for (JsonObject layer : layers) {
      List<String> actions = new ArrayList<>();
      list(layer, "allow").stream().filter(v -> means(v, name)).forEach(v -> actions.add("allow"));
      list(layer, "deny").stream().filter(v -> means(v, name)).forEach(v -> actions.add("deny"));
      for (JsonValue rule : list(layer, "rules")) {
        if (matches((JsonObject) rule, name, values)) {
          actions.add(((JsonObject) rule).get("then").map(this::word).orElse("allow"));
        }
      }
      if (actions.isEmpty() && layer.get("otherwise").isPresent()) {
        for (var member : ((JsonObject) layer.get("otherwise").get()).members()) {
          if (means(new JsonString(member.namePosition(), member.name()), name)) {
            actions.add(word(member.value()));
          }
        }
      }
      if (!actions.isEmpty()) {
        int best = actions.stream().mapToInt(STRICTEST_FIRST::indexOf).min().getAsInt();
        return VALUES.get(best);
      }
    }
    return profile.returnValue(number, values);
  }

  private String word(JsonValue action) {
    return action instanceof JsonString word ? word.value() : "EIO";
  }

  private static List<JsonValue> list(JsonObject object, String key) {
    return object.get(key).orElse(null) instanceof JsonArray array ? array.elements() : List.of();
  }

  private boolean means(JsonValue written, String name) {
    String word = ((JsonString) written).value();
    return word.equals(name)
        || groups.getOrDefault(word, List.of()).stream()
            .anyMatch(
                each ->
                    each.startsWith("@")
                        ? means(new JsonString(written.position(), each), name)
                        : each.equals(name));
  }

  private boolean matches(JsonObject rule, String name, long[] values) {
    JsonValue calls = rule.get("syscall").orElseThrow();
    List<JsonValue> all = calls instanceof JsonArray array ? array.elements() : List.of(calls);
    if (all.stream().noneMatch(call -> means(call, name))) {
      return false;
    }
    if (rule.get("when").isEmpty()) {
      return true;
    }
    for (var condition : ((JsonObject) rule.get("when").get()).members()) {
      List<String> known = arguments.getOrDefault(name, List.of());
      int index = -1;
      for (int i = 0; i < known.size(); i++) {
        index = known.get(i).replaceAll(":.*", "").equals(condition.name()) ? i : index;
      }
      index = index < 0 ? Integer.parseInt(condition.name()) : index;
      int bytes =
          index < known.size() ? Integer.parseInt(known.get(index).replaceAll(".*:", "")) : 8;
      BigInteger read =
          new BigInteger(Long.toUnsignedString(values[index]))
              .mod(BigInteger.ONE.shiftLeft(8 * bytes));
      if (!holds(condition.value(), read)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(JsonValue condition, BigInteger read) {
    if (!(condition instanceof JsonObject object)) {
      return read.equals(number(condition));
    }
    BigInteger seen = object.get("mask").map(mask -> read.and(number(mask))).orElse(read);
    return object.members().stream().allMatch(test -> holds(test.name(), test.value(), seen));
  }

  private boolean holds(String operator, JsonValue operand, BigInteger seen) {
    return switch (operator) {
      case "mask" -> true;
      case "eq" -> seen.equals(number(operand));
      case "ne" -> !seen.equals(number(operand));
      case "lt" -> seen.compareTo(number(operand)) < 0;
      case "le" -> seen.compareTo(number(operand)) <= 0;
      case "gt" -> seen.compareTo(number(operand)) > 0;
      case "ge" -> seen.compareTo(number(operand)) >= 0;
      case "in" ->
          ((JsonArray) operand).elements().stream().map(this::number).anyMatch(seen::equals);
      case "notIn" ->
          ((JsonArray) operand).elements().stream().map(this::number).noneMatch(seen::equals);
      case "range" ->
          seen.compareTo(number(((JsonArray) operand).elements().get(0))) >= 0
              && seen.compareTo(number(((JsonArray) operand).elements().get(1))) <= 0;
      default -> throw new AssertionError(operator);
    };
  }

  private BigInteger number(JsonValue value) {
    if (value instanceof JsonNumber number) {
      return new BigInteger(number.literal());
    }
    BigInteger all = BigInteger.ZERO;
    for (String word : ((JsonString) value).value().split("\\|")) {
      String text = constants.getOrDefault(word, word);
      all =
          all.or(
              text.startsWith("0x") ? new BigInteger(text.substring(2), 16) : new BigInteger(text));
    }
    return all;
  }
}
