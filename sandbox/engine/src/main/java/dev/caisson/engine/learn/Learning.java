package dev.caisson.engine.learn;

import dev.caisson.engine.Adjustments;
import dev.caisson.engine.Engine;
import dev.caisson.engine.Order;
import dev.caisson.json.JsonObject;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Resolution;
import dev.caisson.policy.StatedValue;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.List;

/**
 * Learns from one run the smallest policy that would have let it pass: a part of the policy of the
 * run, never more.
 */
public final class Learning {
  private final LaunchRequest request;
  private final EffectivePolicy policy;
  private final JsonObject base;
  private final Adjustments flags;
  private final Observation observation;

  /**
   * Prepares to learn.
   *
   * @param request what is run
   * @param resolution the policy of the run, before flags
   * @param flags what they changed
   */
  public Learning(LaunchRequest request, Resolution resolution, Adjustments flags) {
    this.flags = flags;
    this.request = request;
    policy = request.policy();
    base = (JsonObject) StatedValue.document(resolution.values());
    observation =
        new Observation(
            policy,
            SyscallTable.of(request.host().architecture()),
            request.host().architecture().auditArch());
  }

  /** What is told of the calls of the run. */
  public Observation observation() {
    return observation;
  }

  /** What the run showed, once it has ended. */
  public LearnedPolicy learned() {
    observation.end();
    LearnedCalls calls = new LearnedCalls(observation.calls(), policy, request.host());
    JsonObject seccomp = calls.written();
    LearnedDocument document = new LearnedDocument(request, flags, base, observation);
    LearnedPlaces places =
        LearnedPlaces.of(
            observation.paths(), document.object("filesystem"), policy.process().cwd());
    LearnedNetwork network =
        new LearnedNetwork(
            observation.network(), policy.network(), base.get("network").orElseThrow());
    Report report =
        new Report(
            observation, calls, places, network, policy, Abi.of(request.host().architecture()));
    return new LearnedPolicy(
        document.write(seccomp, places, network, report.notes()), report.lines());
  }

  /**
   * Looks at what was learned as at a policy from anywhere.
   *
   * @return what to know before it is launched, or why it cannot be
   * @throws dev.caisson.Refusal where it allows more than a ceiling or the policy of the run
   */
  public List<String> check(LearnedPolicy learned, Engine engine, Order order) {
    return new LearnedCheck(engine, request, order).check(learned);
  }
}
