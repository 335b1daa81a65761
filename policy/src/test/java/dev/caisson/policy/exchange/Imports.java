package dev.caisson.policy.exchange;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Policies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.function.Executable;

/** Imports for tests, and what they come to. */
final class Imports {
  private Imports() {}

  /** Words parted by spaces. */
  static Imported dockerRun(String words) {
    return dockerRun(List.of(words.split(" ", -1)));
  }

  static Imported dockerRun(List<String> words) {
    return PolicyImport.dockerRun(
        words,
        name -> ("{\"defaultAction\": \"" + name + "\"}").getBytes(StandardCharsets.UTF_8),
        Policies.HOST);
  }

  static Imported kubernetes(String text) {
    return kubernetes(text, Optional.empty());
  }

  static Imported kubernetes(String text, Optional<String> container) {
    return PolicyImport.kubernetes(
        "pod.json", text.getBytes(StandardCharsets.UTF_8), container, Policies.HOST);
  }

  /** What stands at {@code path}, names parted by spaces; "absent" where nothing does. */
  static String at(Imported imported, String path) {
    JsonValue value = imported.policy();
    for (String name : path.split(" ", -1)) {
      Optional<JsonValue> inner =
          value instanceof JsonObject object
              ? object.get(name)
              : Optional.of(((JsonArray) value).elements().get(Integer.parseInt(name)));
      if (inner.isEmpty()) {
        return "absent";
      }
      value = inner.get();
    }
    return JsonText.line(value);
  }

  static List<String> said(Imported imported) {
    return imported.leftOut().stream().map(LeftOut::toString).toList();
  }

  static List<String> mistakes(Executable executable) {
    return assertThrows(ExchangeRefusal.class, executable).mistakes();
  }
}
