package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.policy.CallFinding;
import dev.caisson.policy.ConnectionFinding;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Expectation;
import dev.caisson.policy.Finding;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Resolution;
import dev.caisson.policy.View;
import java.util.List;

/**
 * Answers what a policy expects of itself, by simulation: nothing is started. Paths are looked up
 * on this host as a launch would find them now.
 */
public final class PolicyTest {
  private final HostFacts host;
  private final EffectivePolicy policy;
  private final InsideFindings inside;

  private PolicyTest(EffectivePolicy policy, HostFacts host) {
    this.policy = policy;
    this.host = host;
    inside = new InsideFindings(policy, host);
  }

  /** An expectation and what the attempt meets. */
  public record Answer(Expectation expectation, Finding finding) {
    public Finding.Verdict verdict() {
      return finding.against(expectation.expected());
    }
  }

  /**
   * Answers every expectation of a policy for one view.
   *
   * @param file what the policy was loaded from; the launch keeps it from being written to
   */
  public static List<Answer> of(Resolution resolution, UnixPath file, HostFacts host) {
    PolicyTest test = new PolicyTest(launched(resolution.policy(), file, host), host);
    return resolution.expectations().stream()
        .map(expectation -> new Answer(expectation, test.find(expectation)))
        .toList();
  }

  /** The policy as a launch without flags would carry it out. */
  private static EffectivePolicy launched(EffectivePolicy base, UnixPath file, HostFacts host) {
    AdjustedPolicy adjusted = new AdjustedPolicy(base, host);
    return base.view() == View.WRAP
        ? adjusted.currentDirectory(false).protectPolicy(file).maskSecretsAndFifos().build()
        : adjusted.protectPolicy(file).build();
  }

  private Finding find(Expectation expectation) {
    if (expectation instanceof Expectation.FileAccess access) {
      return access.side() == Expectation.Side.INSIDE
          ? inside.of(access.use(), access.path())
          : new HostFindings(inside).of(access.use(), access.path());
    }
    if (expectation instanceof Expectation.Connection connection) {
      return ConnectionFinding.of(connection, policy, host);
    }
    return CallFinding.of((Expectation.Call) expectation, policy, host);
  }
}
