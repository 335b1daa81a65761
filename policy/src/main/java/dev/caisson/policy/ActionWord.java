package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.seccomp.ErrnoName;
import dev.caisson.policy.seccomp.SeccompAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What is done with a call, as policies write it: a word, or {@code {"errno": "EACCES"}}. */
final class ActionWord {
  /** What a call gets that {@code deny} lists. */
  static final SeccompAction DENY = new SeccompAction.Errno(1);

  private static final Map<String, SeccompAction> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put("allow", new SeccompAction.Allow());
    WORDS.put("deny", DENY);
    WORDS.put("kill-process", new SeccompAction.KillProcess());
    WORDS.put("kill-thread", new SeccompAction.KillThread());
    WORDS.put("trap", new SeccompAction.Trap());
    WORDS.put("log", new SeccompAction.Log());
    WORDS.put("trace", new SeccompAction.Trace(0));
    WORDS.put("notify", new SeccompAction.Notify());
  }

  private ActionWord() {}

  static List<String> words() {
    return List.copyOf(WORDS.keySet());
  }

  static Optional<SeccompAction> read(Source source) {
    if (source.value() instanceof JsonString word) {
      SeccompAction known = WORDS.get(word.value());
      return known != null ? Optional.of(known) : unknown(source, word.value());
    }
    if (!(source.value() instanceof JsonObject)) {
      return source.expected("an action's word or {\"errno\": ...}");
    }
    Optional<JsonFields> fields =
        JsonFields.of(source.value(), source.at(), List.of("errno"), source.problems());
    Optional<JsonValue> errno = fields.flatMap(f -> f.get("errno"));
    return errno.isEmpty()
        ? source.mistake("missing: errno")
        : errno(new Source(errno.get(), JsonPath.member(source.at(), "errno"), source.problems()));
  }

  private static Optional<SeccompAction> unknown(Source source, String word) {
    String hint = Nearest.hint(word, WORDS.keySet());
    return source.mistake(
        "expected one of "
            + String.join(", ", WORDS.keySet())
            + " or {\"errno\": ...}, found "
            + JsonPath.quoted(word)
            + hint);
  }

  private static Optional<SeccompAction> errno(Source source) {
    if (source.value() instanceof JsonString name) {
      OptionalInt number = ErrnoName.number(name.value());
      return number.isPresent()
          ? Optional.of(new SeccompAction.Errno(number.getAsInt()))
          : source.mistake(
              "no errno is called "
                  + JsonPath.quoted(name.value())
                  + Nearest.hint(name.value(), ErrnoName.names()));
    }
    OptionalLong number =
        source.value() instanceof JsonNumber literal ? literal.asLong() : OptionalLong.empty();
    if (number.isEmpty()) {
      return source.expected("an errno's name or number");
    }
    if (number.getAsLong() == 0) {
      return source.mistake("errno 0 would make the call seem to succeed; expected an error");
    }
    return ErrnoName.isKnown(number.getAsLong())
        ? Optional.of(new SeccompAction.Errno((int) number.getAsLong()))
        : source.mistake("no errno is " + ((JsonNumber) source.value()).literal());
  }

  static JsonValue write(SeccompAction action) {
    for (Map.Entry<String, SeccompAction> word : WORDS.entrySet()) {
      if (word.getValue().equals(action)) {
        return JsonText.text(word.getKey());
      }
    }
    int errno = ((SeccompAction.Errno) action).errno();
    return JsonText.object(Map.of("errno", JsonText.text(ErrnoName.of(errno))));
  }
}
