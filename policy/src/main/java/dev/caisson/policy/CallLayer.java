package dev.caisson.policy;

import dev.caisson.policy.seccomp.ArgumentCondition;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.SeccompAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one author says of calls on top of a seccomp profile: of the rules that match the strictest
 * decides, and where none does the call's own default.
 */
final class CallLayer {
  /**
   * What a setting is for.
   *
   * @param when what is asked of the arguments; empty for the call's own default
   */
  record Key(String call, Optional<List<ArgumentCondition>> when) {}

  private final Map<Key, Setting<CallRule>> settings = new LinkedHashMap<>();

  /**
   * Adds a rule. Of two for the same call and conditions the stricter one is kept.
   *
   * @return the rule that says another errno of the same, which is a mistake
   */
  Optional<Setting<CallRule>> add(Setting<CallRule> rule) {
    return put(new Key(rule.value().call(), Optional.of(rule.value().when())), rule);
  }

  /** Adds a call's own default, in the same way. */
  Optional<Setting<CallRule>> addOtherwise(Setting<CallRule> rule) {
    return put(new Key(rule.value().call(), Optional.empty()), rule);
  }

  void add(Key key, Setting<CallRule> setting) {
    settings.put(key, setting);
  }

  private Optional<Setting<CallRule>> put(Key key, Setting<CallRule> rule) {
    Setting<CallRule> other = settings.putIfAbsent(key, rule);
    if (other == null) {
      return Optional.empty();
    }
    SeccompAction before = other.value().then();
    SeccompAction now = rule.value().then();
    if (now.rank() < before.rank()) {
      settings.put(key, rule);
    }
    boolean contradicts = now.rank() == before.rank() && !now.equals(before);
    return contradicts ? Optional.of(other) : Optional.empty();
  }

  Map<Key, Setting<CallRule>> settings() {
    return settings;
  }

  boolean isEmpty() {
    return settings.isEmpty();
  }

  /** Whether it decides every call of that name. */
  boolean decides(String call) {
    return settings.containsKey(new Key(call, Optional.empty()))
        || settings.containsKey(new Key(call, Optional.of(List.of())));
  }

  /** Where it was written. */
  Optional<Origin> origin() {
    return settings.values().stream().findFirst().map(Setting::origin);
  }

  List<Setting<CallRule>> rules() {
    return where(true);
  }

  List<Setting<CallRule>> otherwise() {
    return where(false);
  }

  private List<Setting<CallRule>> where(boolean rules) {
    List<Setting<CallRule>> chosen = new ArrayList<>();
    settings.forEach(
        (key, setting) -> {
          if (key.when().isPresent() == rules) {
            chosen.add(setting);
          }
        });
    return chosen;
  }
}
