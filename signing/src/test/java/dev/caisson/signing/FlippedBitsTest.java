package dev.caisson.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** No single bit of what is signed, of the signature or of the manifest can change unnoticed. */
class FlippedBitsTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final byte[] MANIFEST = "{\"schemaVersion\":2,\"layers\":[]}".getBytes(UTF_8);
  private static final StoredSignature GOOD =
      new Signer(KEY).sign(Digest.of(MANIFEST), "localhost/app");
  private static final TrustPolicy POLICY = TrustPolicy.signedBy(List.of(KEY.publicKey()));

  @Property(tries = 500)
  void inThePayload(@ForAll @IntRange(max = 100_000) int bit) {
    assertRejected(MANIFEST, flipped(GOOD.payload(), bit), GOOD.signature());
  }

  @Property(tries = 500)
  void inTheSignature(@ForAll @IntRange(max = 100_000) int bit) {
    byte[] signature = flipped(Base64.getDecoder().decode(GOOD.signature()), bit);
    assertRejected(MANIFEST, GOOD.payload(), Base64.getEncoder().encodeToString(signature));
  }

  @Property(tries = 500)
  void inTheSignaturesText(@ForAll @IntRange(max = 100_000) int bit) {
    byte[] text = flipped(GOOD.signature().getBytes(UTF_8), bit);
    assertRejected(MANIFEST, GOOD.payload(), new String(text, ISO_8859_1));
  }

  @Property(tries = 200)
  void inTheManifest(@ForAll @IntRange(max = 100_000) int bit) {
    assertRejected(flipped(MANIFEST, bit), GOOD.payload(), GOOD.signature());
  }

  private static void assertRejected(byte[] manifest, byte[] payload, String signature) {
    StoredSignature stored = new StoredSignature(payload, signature, "stored");
    assertInstanceOf(
        Rejected.class,
        POLICY.check(new ImageReference.Embedded("hello"), manifest, d -> List.of(stored)));
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] copy = bytes.clone();
    int at = bit % (8 * copy.length);
    copy[at / 8] ^= (byte) (1 << at % 8);
    return copy;
  }
}
