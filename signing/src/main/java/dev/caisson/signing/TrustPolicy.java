package dev.caisson.signing;

/** Judges manifests before any of their layers is opened. */
public interface TrustPolicy {
  /**
   * Judges the document {@code manifest} (the exact bytes of an index or a manifest) that {@code
   * reference} led to, by the signatures that {@code signatures} holds for its digest.
   */
  TrustDecision check(ImageReference reference, byte[] manifest, SignatureSource signatures);
}
