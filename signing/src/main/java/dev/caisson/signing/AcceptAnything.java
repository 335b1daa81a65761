package dev.caisson.signing;

import java.util.List;
import java.util.Optional;

/** The explicit wish to check no signature. */
record AcceptAnything() implements TrustPolicy {
  @Override
  public TrustDecision check(
      ImageReference reference, byte[] manifest, SignatureSource signatures) {
    return new Accepted(
        reference,
        Digest.of(manifest),
        "nobody: the trust policy accepts images without signatures",
        Optional.empty(),
        List.of());
  }
}
