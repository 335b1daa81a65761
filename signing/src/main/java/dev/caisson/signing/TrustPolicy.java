package dev.caisson.signing;

import java.util.List;

/** Judges manifests before any of their layers is opened. */
public interface TrustPolicy {
  /**
   * Judges the document {@code manifest} (the exact bytes of an index or a manifest) that {@code
   * reference} led to, by the signatures that {@code signatures} holds for its digest.
   */
  TrustDecision check(ImageReference reference, byte[] manifest, SignatureSource signatures);

  /** Accepts nothing: what holds where nobody said whom to trust. */
  static TrustPolicy rejectAll() {
    return new RejectAll();
  }

  /** Accepts everything, signed or not: containers-policy.json(5), insecureAcceptAnything. */
  static TrustPolicy insecureAcceptAnything() {
    return new AcceptAnything();
  }

  /** Accepts what one of {@code keys} signed. */
  static TrustPolicy signedBy(List<VerificationKey> keys) {
    return new KeyTrustPolicy(keys);
  }

  /** This policy for the document {@code only}, and a rejection for every other. */
  default TrustPolicy onlyFor(Digest only) {
    return new PinnedPolicy(this, only);
  }
}
