package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a policy extends, as it names it.
 *
 * @param digest the SHA-256 that the file must have, in hexadecimal
 */
record Parent(UnixPath name, Optional<String> digest) {
  static final String EXPECTED =
      "expected a built-in policy's name, a file's, or {\"file\": ..., \"sha256\": ...}";

  static Optional<Parent> read(JsonValue value) {
    if (value instanceof JsonString name) {
      return name(name).map(n -> new Parent(n, Optional.empty()));
    }
    if (value instanceof JsonObject pinned
        && pinned.members().size() == 2
        && pinned.get("file").orElse(null) instanceof JsonString file
        && pinned.get("sha256").orElse(null) instanceof JsonString digest) {
      return name(file).map(n -> new Parent(n, Optional.of(digest.value())));
    }
    return Optional.empty();
  }

  /** What {@link #read} takes, and a digest that a file can have. */
  static JsonSchema schema() {
    JsonSchema name = JsonSchema.string("^[^\\u0000]+$");
    Map<String, JsonSchema> pinned = new LinkedHashMap<>();
    pinned.put("file", name.described("A file anywhere."));
    pinned.put(
        "sha256",
        JsonSchema.string("^[0-9a-f]{64}$").described("What sha256sum(1) prints of the file."));
    return JsonSchema.anyOf(
        List.of(
            name.described("A built-in policy, or a file beneath this one's directory."),
            JsonSchema.object(pinned).requiring("file", "sha256")));
  }

  private static Optional<UnixPath> name(JsonString text) {
    boolean valid = !text.value().isEmpty() && text.value().indexOf('\0') < 0;
    return valid ? Optional.of(UnixPath.of(text.value())) : Optional.empty();
  }

  boolean isUrl() {
    return name.toString().contains("://");
  }

  /** Whether it is a relative path that never goes up; its links are looked at later. */
  boolean isBeneath() {
    return !name.isAbsolute() && !name.components().contains(UnixPath.of(".."));
  }

  /** Refuses other bytes than those that were pinned. */
  void requireDigest(String policy, byte[] bytes) {
    try {
      byte[] actual = MessageDigest.getInstance("SHA-256").digest(bytes);
      String wanted = digest.orElseThrow();
      if (!HexFormat.of().formatHex(actual).equals(wanted)) {
        throw new PolicyRefusal(
            "use the policy " + policy,
            "its parent " + name + " has another SHA-256 than the one that is pinned",
            "Review the file, and pin what 'sha256sum' prints in lower case");
      }
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
