package dev.caisson.engine;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import java.util.List;

/** What of the caller's own files can keep a sandbox from starting. */
public final class CallerFindings {
  private static final UnixPath DEFAULT = UnixPath.of("untrusted");

  private CallerFindings() {}

  /** Makes the caller's directories, as a launch does. */
  public static List<Finding> of(HostFacts host) {
    return List.of(directories(host), ceilings(host));
  }

  private static Finding directories(HostFacts host) {
    EngineDirectories directories = EngineDirectories.of(host);
    try {
      directories.make(host);
    } catch (Refusal refusal) {
      return missing("own directories", refusal);
    }
    return new Finding("own directories", true, State.OK, directories.data().toString(), "");
  }

  private static Finding ceilings(HostFacts host) {
    Ceilings ceilings = Ceilings.of(host, List.of());
    if (ceilings.names().isEmpty()) {
      return new Finding("ceilings", true, State.OK, "none, nobody bounds policies here", "");
    }
    List<String> beyond;
    try {
      Policy policy = PolicyLoader.load(DEFAULT, host.uid(), new HostPolicyFiles());
      beyond = ceilings.excess(policy.resolve(View.WRAP, host));
    } catch (Refusal refusal) {
      return missing("ceilings", refusal);
    }
    String names = String.join(", ", ceilings.names().stream().map(UnixPath::toString).toList());
    return new Finding(
        "ceilings",
        true,
        State.NOTE,
        names + " bounds every policy",
        beyond.isEmpty()
            ? ""
            : "The default policy "
                + DEFAULT
                + " is beyond it: 'caisson policy check "
                + DEFAULT
                + "' says in what.");
  }

  private static Finding missing(String name, Refusal refusal) {
    return new Finding(
        name,
        true,
        State.MISSING,
        "cannot " + refusal.attempted() + ": " + refusal.why(),
        refusal.remedy().isEmpty() ? "" : refusal.remedy() + ".");
  }
}
