package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Root;
import dev.caisson.policy.EffectivePolicy;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What is decided about a run before it is planned. */
record Draft(
    EffectivePolicy policy,
    Root root,
    List<UnixPath> command,
    Map<String, UnixPath> environment,
    List<UnixPath> lockedLayers,
    List<String> notes) {
  Draft with(UnaryOperator<EffectivePolicy> change) {
    return new Draft(change.apply(policy), root, command, environment, lockedLayers, notes);
  }
}
