package dev.caisson.signing;

import java.util.Arrays;
import java.util.Base64;

/** Signs images as {@code cosign sign --key} does; {@code cosign verify --key} accepts it. */
public final class Signer {
  private final SigningKey key;

  public Signer(SigningKey key) {
    this.key = key;
  }

  /**
   * Signs the document of this digest, an index or a manifest.
   *
   * @param dockerReference the repository to name, {@link SimpleSigning#localRepository} for an
   *     image that has none
   * @throws TrustRefusal if that is no repository name
   */
  public StoredSignature sign(Digest manifest, String dockerReference) {
    byte[] payload = new SimpleSigning(dockerReference, manifest).toPayload();
    String signature = Base64.getEncoder().encodeToString(key.sign(payload));
    return new StoredSignature(payload, signature, "new signature");
  }

  /** True if {@code signature} is one of this key over the same as {@link #sign} would sign. */
  public boolean made(StoredSignature signature, Digest manifest, String dockerReference) {
    byte[] payload = new SimpleSigning(dockerReference, manifest).toPayload();
    return Arrays.equals(payload, signature.payload())
        && StrictBase64.decode(signature.signature())
            .filter(P256::isSignature)
            .filter(bytes -> key.publicKey().verifies(payload, bytes))
            .isPresent();
  }
}
