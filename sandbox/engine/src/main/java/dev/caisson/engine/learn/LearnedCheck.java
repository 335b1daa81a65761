package dev.caisson.engine.learn;

import dev.caisson.Refusal;
import dev.caisson.engine.Adjustments;
import dev.caisson.engine.Ceilings;
import dev.caisson.engine.Engine;
import dev.caisson.engine.Order;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.engine.Workload;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PermissionOrder.Excess;
import dev.caisson.policy.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a learned policy as one from anywhere would be looked at: it must be sound, stay under
 * the ceilings, and allow no more than the policy of the run.
 */
final class LearnedCheck {
  private final Engine engine;
  private final HostFacts host;
  private final LaunchRequest run;
  private final Order order;

  LearnedCheck(Engine engine, LaunchRequest run, Order order) {
    this.engine = engine;
    host = run.host();
    this.run = run;
    this.order = order;
  }

  /**
   * Checks.
   *
   * @return what to know before it is launched; it may be read in any case
   * @throws Refusal where it allows too much, so that it must not be written
   */
  List<String> check(LearnedPolicy learned) {
    LearnedFile file = new LearnedFile(learned.document());
    EffectivePolicy resolved = file.load(host).resolve(View.WRAP, host);
    Ceilings ceilings = Ceilings.of(host, order.ceilings());
    require(ceilings.excess(resolved));
    Order plain =
        new Order(
            new Workload.HostCommand(run.command(), false, new Workload.Home.OfPolicy()),
            LearnedFile.NAME,
            Adjustments.NONE,
            order.ceilings(),
            Optional.empty());
    EffectivePolicy launched;
    List<String> notes;
    try (PreparedLaunch launch = engine.reading(file).explain(plain)) {
      launched = launch.request().policy();
      notes = launch.notes();
    } catch (Refusal refusal) {
      return List.of("it cannot be launched as it is: " + refusal.getMessage());
    }
    List<String> beyond = new ArrayList<>();
    for (Excess excess : Ceilings.beyond(launched, run.policy())) {
      beyond.add("beyond the policy of the run: " + excess);
    }
    require(beyond);
    return notes.stream().map(note -> "under what was learned: " + note).toList();
  }

  private static void require(List<String> excess) {
    if (!excess.isEmpty()) {
      throw new LearnRefusal(excess);
    }
  }
}
