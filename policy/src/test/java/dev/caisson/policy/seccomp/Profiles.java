package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Profiles of the test resources and the built-in ones, as documents. */
final class Profiles {
  private Profiles() {}

  static JsonDocument document(String name) {
    return SeccompProfile.BUILT_IN.contains(name)
        ? read(name, "/dev/caisson/profiles/seccomp/" + name + ".json")
        : read(name, "/seccomp/" + name + ".json");
  }

  static JsonDocument parse(String text) {
    return JsonDocument.read("test", text.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonDocument read(String name, String path) {
    try (InputStream in = Profiles.class.getResourceAsStream(path)) {
      return JsonDocument.read(name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
