package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Replaces {@code ${name}} in texts, once: what a variable holds is never looked at again. */
final class Variables {
  private final Map<String, UnixPath> values = new HashMap<>();
  private final Map<String, UnixPath> environment;

  Variables(HostFacts host) {
    environment = host.environment();
    values.put("cwd", host.currentDirectory());
    values.put("home", host.home());
    values.put("user", UnixPath.of(host.user()));
    values.put("uid", UnixPath.of(Integer.toString(host.uid())));
    values.put("gid", UnixPath.of(Integer.toString(host.gid())));
  }

  /** Declares a variable; a name that the language gives a meaning cannot be declared. */
  boolean declare(String name, String value) {
    return values.putIfAbsent(name, UnixPath.of(value)) == null;
  }

  /** What a text became, or why it could not be replaced. */
  record Expansion(Optional<UnixPath> value, String problem) {}

  Expansion expand(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < text.length()) {
      int start = text.indexOf("${", at);
      if (start < 0) {
        out.writeBytes(text.substring(at).getBytes(StandardCharsets.UTF_8));
        break;
      }
      int end = text.indexOf('}', start);
      if (end < 0) {
        return new Expansion(Optional.empty(), "a variable is not closed by }");
      }
      out.writeBytes(text.substring(at, start).getBytes(StandardCharsets.UTF_8));
      String name = text.substring(start + 2, end);
      Optional<UnixPath> value = lookUp(name);
      if (value.isEmpty()) {
        return new Expansion(
            Optional.empty(),
            "the variable ${" + name + "} is not set" + Settings.hint(name, known()));
      }
      out.writeBytes(value.get().bytes());
      at = end + 1;
    }
    byte[] bytes = out.toByteArray();
    for (byte each : bytes) {
      if (each == 0) {
        return new Expansion(Optional.empty(), "it holds a NUL character");
      }
    }
    return new Expansion(Optional.of(UnixPath.of(bytes)), "");
  }

  private Optional<UnixPath> lookUp(String name) {
    return name.startsWith("env:")
        ? Optional.ofNullable(environment.get(name.substring(4)))
        : Optional.ofNullable(values.get(name));
  }

  private java.util.List<String> known() {
    return values.keySet().stream().sorted().toList();
  }
}
