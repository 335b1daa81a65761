package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;

/** What the verbs about policies are given. */
final class PolicyArgument {
  static final Flag VIEW =
      Flag.value(
          "--view",
          "wrap|image",
          "What the policy comes to for a command of the host (the default), or for an image.");

  private PolicyArgument() {}

  static Policy load(Arguments arguments, Session session) {
    return load(arguments.onlyOperand("a policy"), session);
  }

  static Policy load(UnixPath name, Session session) {
    return PolicyLoader.load(name, session.host().uid(), new HostPolicyFiles());
  }

  static View view(Arguments arguments) {
    return arguments.text(VIEW).orElse("wrap").equals("image") ? View.IMAGE : View.WRAP;
  }
}
