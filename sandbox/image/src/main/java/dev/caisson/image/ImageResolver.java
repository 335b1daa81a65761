package dev.caisson.image;

import dev.caisson.policy.Architecture;
import dev.caisson.signing.Accepted;
import dev.caisson.signing.Digest;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.Rejected;
import dev.caisson.signing.SignatureSource;
import dev.caisson.signing.TrustDecision;
import dev.caisson.signing.TrustPolicy;
import dev.caisson.signing.TrustRefusal;
import java.util.Optional;

/** The way from a reference to a verified image: the signature comes before all else. */
final class ImageResolver {
  private final Layout layout;
  private final ImageReference reference;
  private final TrustPolicy policy;
  private final Architecture host;

  ImageResolver(Layout layout, ImageReference reference, TrustPolicy policy, Architecture host) {
    this.layout = layout;
    this.reference = reference;
    this.policy = policy;
    this.host = host;
  }

  /** The index may be signed, or the manifest for this platform. */
  VerifiedImage resolve(Optional<String> tag) {
    UnverifiedManifest document = layout.find(tag, host);
    SignatureSource signatures = layout.signatures();
    TrustDecision decision = policy.check(reference, document.bytes(), signatures);
    if (decision instanceof Accepted accepted) {
      return VerifiedImage.follow(accepted, document, layout, host);
    }
    TrustRefusal refusal = ((Rejected) decision).refusal();
    if (!document.isIndex()) {
      throw refusal;
    }
    UnverifiedManifest manifest = PlatformManifest.find(document, layout, host);
    TrustDecision second = policy.check(reference, manifest.bytes(), signatures);
    if (second instanceof Accepted accepted) {
      return VerifiedImage.follow(accepted, manifest, layout, host);
    }
    // of the two, the one whose signature was looked at says more; tools sign the index
    Digest platform = manifest.descriptor().digest();
    boolean indexSigned = !signatures.signaturesOf(document.descriptor().digest()).isEmpty();
    boolean manifestSigned = !signatures.signaturesOf(platform).isEmpty();
    throw manifestSigned && !indexSigned ? ((Rejected) second).refusal() : refusal;
  }
}
