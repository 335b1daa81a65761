package dev.caisson.engine;

import dev.caisson.launch.OwnProcess;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Secret;

/** Descriptors that a policy reads secrets from: only what the caller opened is one. */
final class SecretDescriptors {
  private SecretDescriptors() {}

  /**
   * @throws EngineRefusal for one that the caller did not open
   */
  static void check(EffectivePolicy policy) {
    for (Secret secret : policy.secrets()) {
      if (secret.source() instanceof Secret.Descriptor from
          && !OwnProcess.inherited(from.number())) {
        throw new EngineRefusal(
            "read the secret " + secret.name(),
            "descriptor " + from.number() + " is not open",
            "Open it for caisson, as in: caisson ... " + from.number() + "< FILE");
      }
    }
  }
}
