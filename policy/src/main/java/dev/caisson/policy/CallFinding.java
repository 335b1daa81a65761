package dev.caisson.policy;

import dev.caisson.policy.Expectation.Call;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.CallOutlook;
import dev.caisson.policy.seccomp.ConditionValue;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.LaunchVariant.UserNamespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a system call meets in the filter that a launch would load. */
public final class CallFinding {
  private CallFinding() {}

  public static Finding of(Call call, EffectivePolicy policy, HostFacts host) {
    Map<Abi, CallOutlook> outlooks = outlooks(call.name(), call.arguments(), policy, host);
    Set<CallOutlook> different = Set.copyOf(outlooks.values());
    if (different.size() > 1) {
      List<String> each = new ArrayList<>();
      outlooks.forEach((abi, outlook) -> each.add(does(outlook) + " on " + abi.kernelName()));
      String reason = "the seccomp filter " + String.join(", ", each);
      return different.contains(CallOutlook.ALWAYS)
          ? Finding.allowed(reason)
          : Finding.there(reason);
    }
    CallOutlook outlook = outlooks.values().stream().findFirst().orElse(CallOutlook.NEVER);
    String reason = "the seccomp filter " + does(outlook);
    return switch (outlook) {
      case ALWAYS -> Finding.allowed(reason + "; the kernel decides then");
      case NEVER -> Finding.denied(reason);
      case SOMETIMES -> Finding.there(reason);
    };
  }

  private static String does(CallOutlook outlook) {
    return switch (outlook) {
      case ALWAYS -> "lets it through";
      case NEVER -> "refuses it";
      case SOMETIMES -> "looks at arguments that are left open";
    };
  }

  /** Whether the filter refuses the call by every ABI. */
  static boolean isNever(
      String name, Map<String, ConditionValue> arguments, EffectivePolicy policy, HostFacts host) {
    return outlooks(name, arguments, policy, host).values().stream()
        .allMatch(CallOutlook.NEVER::equals);
  }

  private static Map<Abi, CallOutlook> outlooks(
      String name, Map<String, ConditionValue> arguments, EffectivePolicy policy, HostFacts host) {
    FilterTarget target =
        policy.seccomp().target(host.architecture(), host.kernel(), policy.capabilities());
    UserNamespaces namespaces =
        policy.namespaces().nestedUser() ? UserNamespaces.NESTED : UserNamespaces.OF_PROFILE;
    return CallOutlook.of(
        policy.seccomp(), target, new LaunchVariant(namespaces, true), name, arguments);
  }
}
