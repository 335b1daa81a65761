package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.policy.Capability;
import dev.caisson.policy.PolicyLoader;
import java.util.List;
import java.util.Locale;

/** Flags of docker run that ask for what holds without them. */
final class DockerOptions {
  private static final Flag ALWAYS =
      Flag.on("--rm -i --interactive -t --tty", "Accepted, since it is always so.");
  private static final Flag DROPPED =
      Flag.values(
          "--cap-drop",
          "CAP",
          "Accepted, since there are no capabilities; not with a policy of a file, which may keep"
              + " some.");
  private static final Flag SECURITY =
      Flag.values("--security-opt", "no-new-privileges", "Accepted, since it is always so.");

  private static final List<String> ALWAYS_SO =
      List.of("no-new-privileges", "no-new-privileges:true", "no-new-privileges=true");

  static final List<Flag> ALL = List.of(ALWAYS, DROPPED, SECURITY);

  private DockerOptions() {}

  /**
   * Refuses what would be accepted in vain.
   *
   * @throws UsageRefusal for a capability that there is not, or that {@code policy} may keep; for
   *     another security option
   */
  static void check(Syntax syntax, Arguments arguments, UnixPath policy) {
    for (List<UnixPath> value : arguments.all(DROPPED)) {
      dropped(syntax, value.get(0).toString(), policy);
    }
    for (List<UnixPath> value : arguments.all(SECURITY)) {
      security(syntax, value.get(0).toString());
    }
  }

  private static void dropped(Syntax syntax, String name, UnixPath policy) {
    String upper = name.toUpperCase(Locale.ROOT);
    String full = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    if (!upper.equals("ALL") && Capability.named(full).isEmpty()) {
      throw UsageRefusal.of(syntax, "there is no capability " + full, "Write --cap-drop ALL");
    }
    if (PolicyLoader.isFile(policy)) {
      throw UsageRefusal.of(
          syntax,
          "--cap-drop changes nothing of the policy " + policy,
          "Leave it out: its field capabilities.keep names what is kept, and nothing else is");
    }
  }

  private static void security(Syntax syntax, String option) {
    if (!ALWAYS_SO.contains(option)) {
      throw UsageRefusal.of(
          syntax,
          "--security-opt knows no-new-privileges, not " + option,
          "A policy names a seccomp profile in its field seccomp; labels are the caller's");
    }
  }
}
