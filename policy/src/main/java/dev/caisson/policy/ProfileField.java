package dev.caisson.policy;

import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.Nearest;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.List;
import java.util.Optional;

/** A seccomp profile: the name of a built-in one, or one written out. */
final class ProfileField extends Field<ProfileChoice> {
  private static final String NAME = "of the policy";

  ProfileField(String path) {
    super(path);
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.anyOf(
        List.of(JsonSchema.oneOf(SeccompProfile.BUILT_IN), SeccompProfile.schema()));
  }

  @Override
  Optional<ProfileChoice> read(Source source) {
    if (!(source.value() instanceof JsonString name)) {
      return SeccompProfile.read(NAME, source.value(), source.at(), source.problems())
          .map(profile -> new ProfileChoice.Inline(profile, source.value()));
    }
    if (SeccompProfile.BUILT_IN.contains(name.value())) {
      return Optional.of(new ProfileChoice.BuiltIn(name.value()));
    }
    String hint = Nearest.hint(name.value(), SeccompProfile.BUILT_IN);
    return source.mistake(
        "no seccomp profile "
            + JsonPath.quoted(name.value())
            + " comes with Caisson"
            + (hint.isEmpty()
                ? "; use one of "
                    + String.join(", ", SeccompProfile.BUILT_IN)
                    + ", or write the profile itself in its place"
                : hint));
  }
}
