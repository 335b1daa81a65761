package dev.caisson.policy;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Documents of which one place was changed: still JSON, perhaps no longer policies. */
final class BrokenTexts {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "1.5",
          "7",
          "\"\"",
          "\"none\"",
          "\"x\"",
          "\"/x\"",
          "\"..\"",
          "\"1\"",
          "\"22\"",
          "\"1s\"",
          "\"1500ms\"",
          "\"0B\"",
          "\"1MiB\"",
          "\"${home}\"",
          "\"${x\"",
          "\"CAP_KILL\"",
          "\"mount\"",
          "\"strict\"",
          "[]",
          "[\"null\"]",
          "[\"mount\", \"mount\"]",
          "[7]",
          "{}",
          "{\"x\": 1}",
          "{\"masked\": true}");

  private BrokenTexts() {}

  static Arbitrary<String> documents() {
    Arbitrary<JsonValue> values = Arbitraries.of(VALUES).map(BrokenTexts::parsed);
    return Combinators.combine(
            PolicyTexts.documents(),
            Arbitraries.integers().between(0, 1 << 20),
            Arbitraries.integers().between(0, 2),
            values)
        .as(
            (members, place, way, value) ->
                changed(Policies.document(PolicyTexts.text(members)), place, way, value));
  }

  private static String changed(String document, int place, int way, JsonValue value) {
    JsonValue root = parsed(document);
    return JsonText.line(new BrokenTexts.Change(place % places(root), way, value).of(root));
  }

  private static int places(JsonValue value) {
    int count = 1;
    for (JsonValue inner : inner(value)) {
      count += places(inner);
    }
    return count;
  }

  private static List<JsonValue> inner(JsonValue value) {
    if (value instanceof JsonObject object) {
      return object.members().stream().map(JsonObject.Member::value).toList();
    }
    return value instanceof JsonArray array ? array.elements() : List.of();
  }

  private static JsonValue parsed(String text) {
    return JsonDocument.read("text", text.getBytes(StandardCharsets.UTF_8)).valueOrRefuse();
  }

  /** Replaces, renames or removes what stands at one place, counted from the root. */
  private static final class Change {
    private static final JsonValue REMOVED = new JsonNull(new Position(9, 9));

    private final int way;
    private final JsonValue value;
    private int left;

    Change(int place, int way, JsonValue value) {
      this.left = place;
      this.way = way;
      this.value = value;
    }

    JsonValue of(JsonValue old) {
      JsonValue changed = at(old);
      return changed == REMOVED ? JsonText.object(java.util.Map.of()) : changed;
    }

    private JsonValue at(JsonValue old) {
      if (left-- == 0) {
        return way == 0 ? REMOVED : value;
      }
      if (old instanceof JsonObject object) {
        List<JsonObject.Member> members = new ArrayList<>();
        for (JsonObject.Member member : object.members()) {
          String name = left == 0 && way == 2 ? member.name() + "x" : member.name();
          JsonValue inner = left == 0 && way == 2 ? skipped(member.value()) : at(member.value());
          if (inner != REMOVED) {
            members.add(new JsonObject.Member(name, member.namePosition(), inner));
          }
        }
        return new JsonObject(object.position(), members);
      }
      if (old instanceof JsonArray array) {
        List<JsonValue> elements = new ArrayList<>();
        for (JsonValue element : array.elements()) {
          JsonValue inner = at(element);
          if (inner != REMOVED) {
            elements.add(inner);
          }
        }
        return JsonText.array(elements);
      }
      return old;
    }

    private JsonValue skipped(JsonValue member) {
      left = -1;
      return member;
    }
  }
}
