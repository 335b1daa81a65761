package dev.caisson.cli;

import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyLoader;

/** The policy that a verb about policies is given. */
final class PolicyArgument {
  private PolicyArgument() {}

  static Policy load(Arguments arguments, Session session) {
    return PolicyLoader.load(
        arguments.onlyOperand("a policy"), session.host().uid(), new HostPolicyFiles());
  }
}
