package dev.caisson.json;

import java.util.List;
import java.util.Optional;

/**
 * A document that was read: its tree, as far as it could be read, and every mistake in it.
 *
 * @param source how errors name it: a file's path, or what it is
 */
public record JsonDocument(String source, Optional<JsonValue> root, List<JsonProblem> problems) {
  public JsonDocument {
    problems = List.copyOf(problems);
  }

  /** Reads UTF-8 {@code bytes}, at most {@link JsonLimits#DEFAULT}. */
  public static JsonDocument read(String source, byte[] bytes) {
    return read(source, bytes, JsonLimits.DEFAULT);
  }

  /** Reads UTF-8 {@code bytes} within {@code limits}. Never throws for what the bytes hold. */
  public static JsonDocument read(String source, byte[] bytes, JsonLimits limits) {
    return new JsonParser(source, bytes, limits).document();
  }

  /**
   * The tree of a document without mistakes.
   *
   * @throws JsonRefusal that lists every mistake
   */
  public JsonValue valueOrRefuse() {
    if (!problems.isEmpty() || root.isEmpty()) {
      throw new JsonRefusal(source, problems);
    }
    return root.get();
  }
}
