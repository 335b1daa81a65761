package dev.caisson.policy;

import dev.caisson.policy.Expectation.Call;
import dev.caisson.policy.seccomp.CallOutlook;
import dev.caisson.policy.seccomp.ConditionValue;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.LaunchVariant.UserNamespaces;
import java.util.Map;

/** What a system call meets in the filter that a launch would load. */
public final class CallFinding {
  private CallFinding() {}

  public static Finding of(Call call, EffectivePolicy policy, HostFacts host) {
    return switch (outlook(call.name(), call.arguments(), policy, host)) {
      case ALWAYS -> Finding.allowed("the seccomp filter lets it through; the kernel decides then");
      case NEVER -> Finding.denied("the seccomp filter refuses it");
      case SOMETIMES -> Finding.there("the seccomp filter looks at arguments that are left open");
    };
  }

  static CallOutlook outlook(
      String name, Map<String, ConditionValue> arguments, EffectivePolicy policy, HostFacts host) {
    FilterTarget target =
        FilterTarget.of(host.architecture(), host.kernel(), policy.capabilities());
    UserNamespaces namespaces =
        policy.namespaces().nestedUser() ? UserNamespaces.NESTED : UserNamespaces.OF_PROFILE;
    return CallOutlook.of(
        policy.seccomp(), target, new LaunchVariant(namespaces, true), name, arguments);
  }
}
