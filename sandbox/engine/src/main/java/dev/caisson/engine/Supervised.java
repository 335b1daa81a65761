package dev.caisson.engine;

import dev.caisson.engine.emulate.Emulation;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.IdMap;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.Notification;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Destination;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Network;
import dev.caisson.policy.RootEmulation;
import dev.caisson.policy.User;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a policy wants of a process that stays beside the sandbox, and answers some of its calls.
 */
final class Supervised {
  private Supervised() {}

  /** The field that wants one; empty where none does. */
  private static Optional<String> field(EffectivePolicy policy) {
    if (policy.process().rootEmulation() == RootEmulation.FULL) {
      return Optional.of("process.rootEmulation is full");
    }
    return destinations(policy).map(list -> "network.hostEgress is set");
  }

  private static Optional<List<Destination>> destinations(EffectivePolicy policy) {
    return policy.network() instanceof Network.Host host ? host.egress() : Optional.empty();
  }

  static boolean is(EffectivePolicy policy) {
    return field(policy).isPresent();
  }

  /**
   * Refuses what has no process that stays, or one that is asked about everything else.
   *
   * @throws EngineRefusal naming what to do
   */
  static void check(EffectivePolicy policy, Mode mode, Optional<Notification> notification) {
    Optional<String> field = field(policy);
    if (field.isPresent() && mode == Mode.COMPILED) {
      throw new EngineRefusal(
          "compile under the policy " + policy.name(),
          field.get()
              + ": its calls are answered by a JVM that stays beside the sandbox, and a compiled"
              + " launch has none",
          "Set another, or use 'caisson run'");
    }
    boolean emulated = policy.process().rootEmulation() != RootEmulation.NONE;
    if ((emulated || field.isPresent()) && notification.isPresent()) {
      throw new EngineRefusal(
          "supervise a launch under the policy " + policy.name(),
          field.orElse("process.rootEmulation is errno")
              + ": it answers calls that were to be seen",
          "Set another");
    }
    if (destinations(policy).isPresent() && !policy.seccomp().compatAbis().isEmpty()) {
      throw new EngineRefusal(
          "carry out the policy " + policy.name(),
          "network.hostEgress decides calls of the host's own ABI, and seccomp.abis lets others in",
          "Take out one of the two");
    }
  }

  /** The calls that are answered. */
  static Notification calls(EffectivePolicy policy, Architecture architecture) {
    Set<Integer> numbers = new HashSet<>();
    if (policy.process().rootEmulation() == RootEmulation.FULL) {
      numbers.addAll(Emulation.calls(architecture));
    }
    if (destinations(policy).isEmpty()) {
      return new Notification.Calls(numbers);
    }
    numbers.addAll(HostEgress.calls(architecture));
    return new Notification.Calls(numbers, HostEgress.flagged(architecture));
  }

  /** What answers them; empty where none are. */
  static Optional<CallAnswer.Supervisor> of(LaunchRequest request) {
    EffectivePolicy policy = request.policy();
    Architecture architecture = request.host().architecture();
    Optional<CallAnswer.Supervisor> emulation = emulation(request).map(answers -> answers);
    Optional<HostEgress> egress =
        destinations(policy)
            .map(list -> new HostEgress(architecture, list, policy.landlock().connect()));
    if (egress.isEmpty()) {
      return emulation;
    }
    CallAnswer.Supervisor others = emulation.orElse(call -> new CallAnswer.Proceed());
    return Optional.of(
        call -> egress.get().decides(call) ? egress.get().answer(call) : others.answer(call));
  }

  private static Optional<Emulation> emulation(LaunchRequest request) {
    EffectivePolicy policy = request.policy();
    if (policy.process().rootEmulation() != RootEmulation.FULL) {
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
