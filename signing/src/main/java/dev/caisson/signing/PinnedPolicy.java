package dev.caisson.signing;

/** A policy that speaks for one document only. */
record PinnedPolicy(TrustPolicy policy, Digest only) implements TrustPolicy {
  @Override
  public TrustDecision check(
      ImageReference reference, byte[] manifest, SignatureSource signatures) {
    Digest digest = Digest.of(manifest);
    if (digest.hex().equals(only.hex())) {
      return policy.check(reference, manifest, signatures);
    }
    return new Rejected(
        new TrustRefusal(
            "trust " + reference,
            "its digest is " + digest + ", and only " + only + " is trusted under that name",
            "Use the image that the trust was given for"));
  }
}
