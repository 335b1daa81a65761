package dev.caisson.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings by key, in the order in which they were first written. Every collection of a policy
 * merges in the same way: key by key, children over parents, and parents that disagree on a key
 * must be settled by the child.
 */
final class Settings<K, V> {
  private final Map<K, Setting<V>> byKey = new LinkedHashMap<>();

  void set(K key, Setting<V> setting) {
    byKey.put(key, setting);
  }

  Optional<Setting<V>> get(K key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Map<K, Setting<V>> all() {
    return Collections.unmodifiableMap(byKey);
  }

  /** Sets every key of {@code later}, whatever was set before. */
  void overrideBy(Settings<K, V> later) {
    byKey.putAll(later.byKey);
  }

  /** Adds the keys of one more parent of {@code child}. */
  void addParent(Settings<K, V> parent, Settings<K, V> child, List<PolicyProblem> problems) {
    parent.byKey.forEach(
        (key, setting) -> {
          Setting<V> other = byKey.putIfAbsent(key, setting);
          if (other != null && !other.equals(setting) && !child.byKey.containsKey(key)) {
            problems.add(
                new PolicyProblem(
                    setting.origin(),
                    "the parents disagree: "
                        + other.origin()
                        + " sets it otherwise; set it in the policy that extends both"));
          }
        });
  }
}
