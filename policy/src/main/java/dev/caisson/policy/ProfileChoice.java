package dev.caisson.policy;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.seccomp.SeccompProfile;

/** The seccomp profile that a policy chose. */
sealed interface ProfileChoice permits ProfileChoice.BuiltIn, ProfileChoice.Inline {
  /** Where no policy names one. */
  ProfileChoice ABSENT = new BuiltIn("strict");

  SeccompProfile profile();

  /** As the policy wrote it. */
  JsonValue written();

  /** One that comes with Caisson; read when it is asked for. */
  record BuiltIn(String name) implements ProfileChoice {
    @Override
    public SeccompProfile profile() {
      return SeccompProfile.builtIn(name);
    }

    @Override
    public JsonValue written() {
      return JsonText.text(name);
    }
  }

  /** One that the policy holds. */
  record Inline(SeccompProfile profile, JsonValue written) implements ProfileChoice {}
}
