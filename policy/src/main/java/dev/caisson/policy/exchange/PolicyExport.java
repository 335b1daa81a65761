package dev.caisson.policy.exchange;

import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import java.util.List;
import java.util.function.Predicate;

/** Policies as documents of other tools. */
public final class PolicyExport {
  private PolicyExport() {}

  /**
   * The {@code config.json} of an OCI bundle (runtime-spec 1.1) for a runtime that this host's
   * caller starts.
   *
   * @param policy of the view of an image
   * @param arguments what the container executes
   * @param exists whether a file of the host is there
   * @throws ExchangeRefusal where it holds bytes that no JSON can
   */
  public static Exported oci(
      EffectivePolicy policy,
      HostFacts host,
      Architecture architecture,
      List<String> arguments,
      Predicate<UnixPath> exists) {
    return new OciConfig(policy, host, architecture, new OciMounts(policy, exists))
        .exported(arguments);
  }
}
