package dev.caisson.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefaultTrustTest {
  private static final byte[] MANIFEST = {'{', '}'};
  private static final ImageReference IMAGE =
      new ImageReference.Layout(UnixPath.of("/images/app"), Optional.of("v1"));
  private static final SigningKey KEY = SigningKey.generate();
  private static final StoredSignature SIGNATURE =
      new Signer(KEY).sign(Digest.of(MANIFEST), SimpleSigning.localRepository(IMAGE));

  @Test
  void nothingIsTrustedByDefault() {
    TrustRefusal refusal = reject(TrustPolicy.rejectAll(), List.of(SIGNATURE));
    assertTrue(refusal.why().contains("1 signature, by a key that nothing vouches for"));
    assertTrue(
        refusal.remedy().endsWith("caisson run --key SIGNER.pub oci:/images/app:v1"),
        refusal.remedy());
  }

  @Test
  void anUnsignedImageIsToBeSigned() {
    TrustRefusal refusal = reject(TrustPolicy.rejectAll(), List.of());
    assertTrue(
        refusal.remedy().contains("caisson sign --key NAME.key oci:/images/app:v1"),
        refusal.remedy());
  }

  @Test
  void anImageThatCaissonBringsAlongCannotLackItsSignature() {
    TrustDecision decision =
        TrustPolicy.signedBy(List.of(KEY.publicKey()))
            .check(new ImageReference.Embedded("hello"), MANIFEST, d -> List.of());
    assertEquals(
        "Install Caisson again", assertInstanceOf(Rejected.class, decision).refusal().remedy());
  }

  @Test
  void acceptingAnythingSaysThatNobodySigned() {
    TrustDecision decision =
        TrustPolicy.insecureAcceptAnything().check(IMAGE, MANIFEST, d -> List.of());
    Accepted accepted = assertInstanceOf(Accepted.class, decision);
    assertTrue(accepted.signer().startsWith("nobody"));
    assertEquals(Optional.empty(), accepted.claimedRepository());
  }

  @Test
  void aPinnedKeyTrustsOneDigestOnly() {
    TrustPolicy signed = TrustPolicy.signedBy(List.of(KEY.publicKey()));
    TrustPolicy pinned = signed.onlyFor(Digest.of(MANIFEST));
    assertInstanceOf(Accepted.class, pinned.check(IMAGE, MANIFEST, d -> List.of(SIGNATURE)));
    reject(pinned, List.of());
    TrustRefusal refusal = reject(signed.onlyFor(Digest.of(new byte[0])), List.of(SIGNATURE));
    assertTrue(refusal.why().contains("only sha256:e3b0c442"), refusal.why());
  }

  @Test
  void aLocalImageIsNamedAsPodmanNamesIt() {
    assertEquals("localhost/app", SimpleSigning.localRepository(IMAGE));
    assertEquals("localhost/image", localRepository("/images/My App"));
    assertEquals("localhost/image", localRepository("."));
    assertEquals("localhost/image", localRepository("/"));
    assertEquals("localhost/a.b-c_d", localRepository("a.b-c_d/"));
    assertEquals(
        "localhost/hello", SimpleSigning.localRepository(new ImageReference.Embedded("hello")));
  }

  private static String localRepository(String path) {
    return SimpleSigning.localRepository(
        new ImageReference.Layout(UnixPath.of(path), Optional.empty()));
  }

  private static TrustRefusal reject(TrustPolicy policy, List<StoredSignature> signatures) {
    return assertInstanceOf(Rejected.class, policy.check(IMAGE, MANIFEST, d -> signatures))
        .refusal();
  }
}
