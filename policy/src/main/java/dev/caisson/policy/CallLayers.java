package dev.caisson.policy;

import dev.caisson.policy.CallLayer.Key;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.SeccompAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Layers on top of a seccomp profile; a later one decides what its rules match. */
final class CallLayers {
  private final List<CallLayer> layers = new ArrayList<>();

  void add(CallLayer layer) {
    if (!layer.isEmpty()) {
      layers.add(layer);
    }
  }

  boolean isEmpty() {
    return layers.isEmpty();
  }

  void overrideBy(CallLayers later) {
    layers.addAll(later.layers);
  }

  /**
   * Adds the layers of one more parent of {@code child}, but for those that an earlier parent
   * brought. Parents that say different things of the same must be settled by the child.
   */
  void addParent(CallLayers parent, CallLayers child, List<PolicyProblem> problems) {
    Map<Key, Setting<CallRule>> before = said();
    parent
        .said()
        .forEach(
            (key, setting) -> {
              Setting<CallRule> other = before.get(key);
              if (other != null && !other.equals(setting) && !child.settles(key)) {
                problems.add(
                    new PolicyProblem(
                        setting.origin(),
                        "the parents disagree: "
                            + other.origin()
                            + " sets it otherwise; set it in the policy that extends both"));
              }
            });
    for (CallLayer layer : parent.layers) {
      if (layers.stream().noneMatch(known -> known.origin().equals(layer.origin()))) {
        layers.add(layer);
      }
    }
  }

  private boolean settles(Key key) {
    return layers.stream()
        .anyMatch(layer -> layer.decides(key.call()) || layer.settings().containsKey(key));
  }

  private Map<Key, Setting<CallRule>> said() {
    Map<Key, Setting<CallRule>> said = new HashMap<>();
    layers.forEach(layer -> said.putAll(layer.settings()));
    return said;
  }

  /**
   * As few layers as say the same, the deciding one last: what a later layer decides anyway is left
   * out, and a call stands in as late a layer as it can.
   */
  List<CallLayer> effective() {
    List<Map<String, Integer>> depths = depths();
    int deepest = depths.stream().flatMap(d -> d.values().stream()).max(Integer::compare).orElse(0);
    List<CallLayer> effective = new ArrayList<>();
    for (int depth = deepest; depth >= 0; depth--) {
      CallLayer layer = new CallLayer();
      for (Form form : Form.values()) {
        for (int i = 0; i < layers.size(); i++) {
          addAll(layer, layers.get(i), depths.get(i), depth, form);
        }
      }
      if (!layer.isEmpty()) {
        effective.add(layer);
      }
    }
    return effective;
  }

  /** Of each layer: of the calls that it has a say in, how many layers above it have one too. */
  private List<Map<String, Integer>> depths() {
    List<Map<String, Integer>> depths = new ArrayList<>();
    Map<String, Integer> above = new HashMap<>();
    Set<String> decided = new HashSet<>();
    for (int i = layers.size() - 1; i >= 0; i--) {
      Map<String, Integer> here = new HashMap<>();
      for (Key key : layers.get(i).settings().keySet()) {
        if (!decided.contains(key.call())) {
          here.put(key.call(), above.getOrDefault(key.call(), 0));
        }
      }
      for (String call : here.keySet()) {
        above.merge(call, 1, Integer::sum);
        if (layers.get(i).decides(call)) {
          decided.add(call);
        }
      }
      depths.add(0, here);
    }
    return depths;
  }

  private static void addAll(
      CallLayer to, CallLayer from, Map<String, Integer> depths, int depth, Form form) {
    from.settings()
        .forEach(
            (key, setting) -> {
              boolean here = depths.getOrDefault(key.call(), -1) == depth;
              if (here && Form.of(key, setting.value()) == form) {
                to.add(key, setting);
              }
            });
  }

  /** How a setting is written, in the order in which they are. */
  enum Form {
    ALLOW,
    DENY,
    RULE,
    OTHERWISE;

    static Form of(Key key, CallRule rule) {
      Optional<Form> other = key.when().isEmpty() ? Optional.of(OTHERWISE) : Optional.empty();
      return other.orElseGet(() -> of(rule));
    }

    private static Form of(CallRule rule) {
      if (!rule.unconditional()) {
        return RULE;
      }
      return rule.then() instanceof SeccompAction.Allow
          ? ALLOW
          : rule.then().equals(ActionWord.DENY) ? DENY : RULE;
    }
  }
}
