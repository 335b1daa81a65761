package dev.caisson.signing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accepts what each of its policies accepts; the first rejection stands. */
final class AllRequired implements TrustPolicy {
  private final List<TrustPolicy> policies;

  AllRequired(List<TrustPolicy> policies) {
    if (policies.isEmpty()) {
      throw new IllegalArgumentException("no requirement would accept everything");
    }
    this.policies = List.copyOf(policies);
  }

  @Override
  public TrustDecision check(
      ImageReference reference, byte[] manifest, SignatureSource signatures) {
    Set<String> signers = new LinkedHashSet<>();
    Set<String> passedOver = new LinkedHashSet<>();
    Optional<String> claimed = Optional.empty();
    for (TrustPolicy policy : policies) {
      TrustDecision decision = policy.check(reference, manifest, signatures);
      if (!(decision instanceof Accepted accepted)) {
        return decision;
      }
      signers.add(accepted.signer());
      passedOver.addAll(accepted.passedOver());
      claimed = claimed.or(accepted::claimedRepository);
    }
    return new Accepted(
        reference,
        Digest.of(manifest),
        String.join(" and ", signers),
        claimed,
        new ArrayList<>(passedOver));
  }
}
