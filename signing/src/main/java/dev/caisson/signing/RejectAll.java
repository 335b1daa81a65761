package dev.caisson.signing;

/** The default: no image is trusted; the refusal says how to trust this one. */
record RejectAll() implements TrustPolicy {
  @Override
  public TrustDecision check(
      ImageReference reference, byte[] manifest, SignatureSource signatures) {
    Digest digest = Digest.of(manifest);
    int stored = signatures.signaturesOf(digest).size();
    if (stored == 0) {
      return new Rejected(Refusals.unsigned(reference, digest));
    }
    return new Rejected(
        new TrustRefusal(
            "trust " + reference,
            "nobody is trusted to sign images; the digest "
                + (digest + " has " + stored)
                + (stored == 1 ? " signature, by a key" : " signatures, by keys")
                + " that nothing vouches for",
            "Get the signer's public key from a place that you trust and run "
                + Refusals.runCommand("SIGNER.pub", reference)));
  }
}
