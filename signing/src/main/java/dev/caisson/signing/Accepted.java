package dev.caisson.signing;

/** A manifest that a trust policy accepted. Only {@link TrustPolicy} makes one. */
public final class Accepted implements TrustDecision {
  private final ImageReference reference;
  private final Digest manifest;
  private final String signer;

  Accepted(ImageReference reference, Digest manifest, String signer) {
    this.reference = reference;
    this.manifest = manifest;
    this.signer = signer;
  }

  public ImageReference reference() {
    return reference;
  }

  /** The digest of the bytes that were accepted: an index or a manifest. */
  public Digest manifest() {
    return manifest;
  }

  /** Who signed, for people: the key's fingerprint and where it is trusted. */
  public String signer() {
    return signer;
  }
}
