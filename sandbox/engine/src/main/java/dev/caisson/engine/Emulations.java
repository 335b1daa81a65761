package dev.caisson.engine;

import dev.caisson.engine.emulate.Emulation;
import dev.caisson.launch.IdMap;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.Notification;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.RootEmulation;
import dev.caisson.policy.User;
import java.util.List;
import java.util.Optional;

/** What root emulation means for a launch: this process stays, and answers some of the calls. */
final class Emulations {
  private Emulations() {}

  static boolean isFull(EffectivePolicy policy) {
    return policy.process().rootEmulation() == RootEmulation.FULL;
  }

  /**
   * Refuses what has no process that stays, or one that is asked about everything else.
   *
   * @throws EngineRefusal naming what to do
   */
  static void check(EffectivePolicy policy, Mode mode, Optional<Notification> notification) {
    if (isFull(policy) && mode == Mode.COMPILED) {
      throw new EngineRefusal(
          "compile under the policy " + policy.name(),
          "process.rootEmulation is full: its calls are answered by a JVM that stays beside the"
              + " sandbox, and a compiled launch has none",
          "Set process.rootEmulation to errno or none, or use 'caisson run'");
    }
    if (policy.process().rootEmulation() != RootEmulation.NONE && notification.isPresent()) {
      throw new EngineRefusal(
          "supervise a launch under the policy " + policy.name(),
          "process.rootEmulation answers calls that were to be looked at",
          "Set process.rootEmulation to none");
    }
  }

  static Notification calls(Architecture architecture) {
    return new Notification.Calls(Emulation.calls(architecture));
  }

  /** What answers them; empty where none are. */
  static Optional<Emulation> of(LaunchRequest request) {
    EffectivePolicy policy = request.policy();
    if (!isFull(policy)) {
      return Optional.empty();
    }
    HostFacts host = request.host();
    User user = policy.process().user();
    boolean caller =
        user instanceof User.Caller && !(IdMap.of(host, policy) instanceof IdMap.Range);
    long uid = user instanceof User.Id id ? id.uid() : caller ? host.uid() : 0;
    long gid = user instanceof User.Id id ? id.gid() : caller ? host.gid() : 0;
    List<Integer> groups = policy.process().groups().stream().map(Long::intValue).toList();
    return Optional.of(new Emulation(host.architecture(), (int) uid, (int) gid, groups));
  }
}
