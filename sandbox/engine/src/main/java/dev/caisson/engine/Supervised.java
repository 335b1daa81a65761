package dev.caisson.engine;

import dev.caisson.engine.emulate.Emulation;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.IdMap;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.Notification;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.Destination;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Network;
import dev.caisson.policy.RootEmulation;
import dev.caisson.policy.User;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a policy wants of a process that stays beside the sandbox, and answers some of its calls.
 */
final class Supervised {
  private Supervised() {}

  /** The fields that want one. */
  private static List<String> fields(EffectivePolicy policy) {
    List<String> fields = new ArrayList<>();
    if (policy.process().rootEmulation() == RootEmulation.FULL) {
      fields.add("process.rootEmulation is full");
    }
    fields.addAll(deciding(policy));
    return fields;
  }

  /** Those whose answers are decisions: a call that nobody is asked about would get round them. */
  private static List<String> deciding(EffectivePolicy policy) {
    List<String> fields = new ArrayList<>();
    if (destinations(policy).isPresent()) {
      fields.add("network.hostEgress is set");
    }
    for (Mount.Tmpfs place : TmpfsMounts.places(policy)) {
      fields.add("filesystem " + place.target() + " has mounts");
    }
    for (String call : policy.seccomp().notified()) {
      fields.add("seccomp.rules say notify of " + call);
    }
    return fields;
  }

  private static Optional<List<Destination>> destinations(EffectivePolicy policy) {
    return policy.network() instanceof Network.Host host ? host.egress() : Optional.empty();
  }

  static boolean is(EffectivePolicy policy) {
    return !fields(policy).isEmpty();
  }

  /**
   * Refuses what has no process that stays, one that is asked about everything else, and what
   * another field lets programs do without it.
   *
   * @throws EngineRefusal naming what to do
   */
  static void check(EffectivePolicy policy, Mode mode, Optional<Notification> notification) {
    List<String> fields = fields(policy);
    if (!fields.isEmpty() && mode == Mode.COMPILED) {
      throw new EngineRefusal(
          "compile under the policy " + policy.name(),
          fields.get(0)
              + ": its calls are answered by a JVM that stays beside the sandbox, and a compiled"
              + " launch has none",
          "Set another, or use 'caisson run'");
    }
    boolean emulated = policy.process().rootEmulation() != RootEmulation.NONE;
    if ((emulated || !fields.isEmpty()) && notification.isPresent()) {
      throw new EngineRefusal(
          "supervise a launch under the policy " + policy.name(),
          (fields.isEmpty() ? "process.rootEmulation is errno" : fields.get(0))
              + ": it answers calls that were to be seen",
          "Set another");
    }
    checkOthers(policy);
  }

  private static void checkOthers(EffectivePolicy policy) {
    List<String> deciding = deciding(policy);
    if (!deciding.isEmpty() && !policy.seccomp().compatAbis().isEmpty()) {
      throw new EngineRefusal(
          "carry out the policy " + policy.name(),
          deciding.get(0)
              + ", which decides calls of the host's own ABI, and seccomp.abis lets others in",
          "Take out one of the two");
    }
    for (String call : policy.seccomp().notified()) {
      if (CallReports.NEVER.contains(call)) {
        throw new EngineRefusal(
            "carry out the policy " + policy.name(),
            "seccomp.rules say notify of " + call + ", which must not wait for an answer",
            "Give that call another action, as log");
      }
    }
    boolean mount =
        policy.namespaces().nestedUser() || policy.capabilities().contains(Capability.SYS_ADMIN);
    if (mount && !TmpfsMounts.places(policy).isEmpty()) {
      throw new EngineRefusal(
          "carry out the policy " + policy.name(),
          "a tmpfs with mounts is for programs that cannot mount, and with namespaces.nestedUser or"
              + " CAP_SYS_ADMIN they can",
          "Take out one of the two");
    }
  }

  /** The calls that are answered. */
  static Notification calls(EffectivePolicy policy, Architecture architecture) {
    Set<Integer> numbers = new HashSet<>();
    Set<Notification.Flagged> flagged = new HashSet<>();
    Set<String> decided = new HashSet<>();
    if (policy.process().rootEmulation() == RootEmulation.FULL) {
      numbers.addAll(Emulation.calls(architecture));
    }
    if (destinations(policy).isPresent()) {
      numbers.addAll(HostEgress.calls(architecture));
      flagged.addAll(HostEgress.flagged(architecture));
    }
    if (!TmpfsMounts.places(policy).isEmpty()) {
      decided.addAll(TmpfsMounts.CALLS);
    }
    decided.addAll(policy.seccomp().notified());
    SyscallTable table = SyscallTable.of(architecture);
    decided.forEach(call -> table.number(call).ifPresent(numbers::add));
    return new Notification.Calls(numbers, flagged, decided);
  }

  /** What answers them; empty where none are. */
  static Optional<CallAnswer.Supervisor> of(LaunchRequest request, Consumer<ReportedCall> told) {
    EffectivePolicy policy = request.policy();
    if (!is(policy)) {
      return Optional.empty();
    }
    Architecture architecture = request.host().architecture();
    List<Decider> deciders = new ArrayList<>();
    destinations(policy)
        .map(list -> new HostEgress(architecture, list, policy.landlock().connect()))
        .ifPresent(deciders::add);
    if (!TmpfsMounts.places(policy).isEmpty()) {
      deciders.add(new TmpfsMounts(architecture, policy));
    }
    CallReports reports = new CallReports(architecture, policy.seccomp().notified(), told);
    return Optional.of(new Together(reports, deciders, emulation(request)));
  }

  /** Several, of which the first that decides a call answers it, where it is made at all. */
  private record Together(CallReports reports, List<Decider> deciders, Optional<Emulation> others)
      implements CallAnswer.Supervisor {
    @Override
    public void begin(CallAnswer.Start start) {
      reports.begin(start);
      deciders.forEach(decider -> decider.begin(start));
    }

    @Override
    public CallAnswer answer(NotifiedCall call) {
      if (reports.decides(call)) {
        CallAnswer answer = reports.answer(call);
        if (!(answer instanceof CallAnswer.Proceed)) {
          return answer;
        }
      }
      for (Decider decider : deciders) {
        if (decider.decides(call)) {
          return decider.answer(call);
        }
      }
      return others.isPresent() ? others.get().answer(call) : new CallAnswer.Proceed();
    }
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
