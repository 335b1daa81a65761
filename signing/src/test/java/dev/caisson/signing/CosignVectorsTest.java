package dev.caisson.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdicts that containers/image gives its own fixtures. */
class CosignVectorsTest {
  private static final ImageReference IMAGE =
      new ImageReference.Layout(UnixPath.of("/images/app"), Optional.of("v1"));

  @ParameterizedTest
  @CsvSource({
    "dir-img-cosign-valid,            cosign.pub,  192.168.64.2:5000/cosign-signed-single-sample",
    "dir-img-cosign-valid-2,          cosign.pub,  192.168.64.2:5000/cosign-signed-single-sample",
    "dir-img-cosign-valid-with-tag,   cosign.pub,  192.168.64.2:5000/skopeo-signed:tag",
    "dir-img-cosign-mixed,            cosign.pub,  192.168.64.2:5000/cosign-signed-single-sample",
    "dir-img-cosign-key-rekor-valid,  cosign2.pub, 192.168.64.2:5000/cosign-signed/key-1",
  })
  void acceptsGoodImages(String image, String key, String repository) {
    Accepted accepted = assertInstanceOf(Accepted.class, check(image, Vectors.key(key)));
    assertEquals(Optional.of(repository), accepted.claimedRepository());
    assertTrue(accepted.signer().endsWith("(" + key + ")"), accepted.signer());
  }

  @ParameterizedTest
  @CsvSource({
    "dir-img-cosign-valid,                 cosign2.pub, not made by a trusted key",
    "dir-img-cosign-modified-manifest,     cosign.pub,  signed another digest",
    "dir-img-cosign-manifest-digest-error, cosign.pub,  signed another digest",
    "dir-img-cosign-other-attachment,      cosign.pub,  no signature for its digest",
    "dir-img-cosign-fulcio-rekor-valid,    cosign.pub,  not made by a trusted key",
    "dir-img-cosign-pki-valid,             cosign.pub,  no ECDSA signature",
  })
  void rejectsBadImages(String image, String key, String reason) {
    Rejected rejected = assertInstanceOf(Rejected.class, check(image, Vectors.key(key)));
    assertTrue(rejected.refusal().why().contains(reason), rejected.refusal().why());
  }

  @Test
  void aBadSignatureBesideAGoodOneIsReported() {
    Accepted accepted =
        assertInstanceOf(Accepted.class, check("dir-img-cosign-mixed", Vectors.key("cosign.pub")));
    assertEquals(1, accepted.passedOver().size());
    assertTrue(accepted.passedOver().get(0).startsWith("containers-image/dir-img-cosign-mixed"));
  }

  @Test
  void rejectsAnUnknownKey() {
    String name = "containers-image/unknown-cosign-key.signature";
    StoredSignature signature = Vectors.unframe(name, Vectors.read(name)).orElseThrow();
    byte[] manifest = Vectors.read("containers-image/dir-img-cosign-valid/manifest.json");
    TrustPolicy policy = TrustPolicy.signedBy(List.of(Vectors.key("cosign.pub")));
    assertInstanceOf(Rejected.class, policy.check(IMAGE, manifest, digest -> List.of(signature)));
  }

  @Test
  void aSecondTrustedKeyIsEnough() {
    byte[] manifest = Vectors.read("containers-image/dir-img-cosign-valid/manifest.json");
    List<StoredSignature> signatures = Vectors.signatures("dir-img-cosign-valid");
    assertFalse(signatures.isEmpty());
    TrustPolicy policy =
        TrustPolicy.signedBy(List.of(Vectors.key("cosign2.pub"), Vectors.key("cosign.pub")));
    assertInstanceOf(Accepted.class, policy.check(IMAGE, manifest, digest -> signatures));
  }

  private static TrustDecision check(String image, VerificationKey key) {
    byte[] manifest = Vectors.read("containers-image/" + image + "/manifest.json");
    return TrustPolicy.signedBy(List.of(key))
        .check(IMAGE, manifest, digest -> Vectors.signatures(image));
  }
}
