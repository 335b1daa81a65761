package dev.caisson.signing;

import java.util.List;
import java.util.Optional;

/** A manifest that a trust policy accepted. Only the trust policies of this package make one. */
public final class Accepted implements TrustDecision {
  private final ImageReference reference;
  private final Digest manifest;
  private final String signer;
  private final Optional<String> claimedRepository;
  private final List<String> passedOver;

  Accepted(
      ImageReference reference,
      Digest manifest,
      String signer,
      Optional<String> claimedRepository,
      List<String> passedOver) {
    this.reference = reference;
    this.manifest = manifest;
    this.signer = signer;
    this.claimedRepository = claimedRepository;
    this.passedOver = List.copyOf(passedOver);
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

  /**
   * The repository that the signer says the image is of, safe to print. A layout has no repository,
   * so nothing was compared with it there.
   */
  public Optional<String> claimedRepository() {
    return claimedRepository;
  }

  /** The signatures that were not accepted beside the one that was: where each is, and why. */
  public List<String> passedOver() {
    return passedOver;
  }
}
