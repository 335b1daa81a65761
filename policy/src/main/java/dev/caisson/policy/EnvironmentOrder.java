package dev.caisson.policy;

import dev.caisson.policy.EffectivePolicy.Environment;
import java.util.ArrayList;
import java.util.List;

/** Which variables of the caller's environment reach the program. */
final class EnvironmentOrder {
  private EnvironmentOrder() {}

  static List<String> excess(Environment one, Environment other) {
    List<String> found = new ArrayList<>();
    for (String name : one.pass()) {
      if (other.pass().stream().noneMatch(pattern -> covers(pattern, name))) {
        found.add("passes " + name);
      }
    }
    one.read().stream()
        .sorted()
        .filter(name -> !other.read().contains(name))
        .filter(name -> other.pass().stream().noneMatch(pattern -> covers(pattern, name)))
        .forEach(name -> found.add("uses ${env:" + name + "}"));
    return found;
  }

  /** Whether everything that {@code name} stands for is named by {@code pattern}. */
  static boolean covers(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
