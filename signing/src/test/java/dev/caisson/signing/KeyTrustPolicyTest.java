package dev.caisson.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTrustPolicyTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(UTF_8);
  private static final ImageReference IMAGE =
      new ImageReference.Layout(UnixPath.of("/images/my app"), Optional.of("v1"));
  private static final TrustPolicy POLICY = TrustPolicy.signedBy(List.of(KEY.publicKey()));
  private static final String GOOD =
      "{\"critical\":{\"identity\":{\"docker-reference\":\"localhost/app\"},\"image\":"
          + "{\"docker-manifest-digest\":\"DIGEST\"},\"type\":\"cosign container image signature\"},"
          + "\"optional\":null}";

  @Test
  void acceptsWhatTheKeySigned() {
    Accepted accepted = assertInstanceOf(Accepted.class, check(MANIFEST, signed(GOOD)));
    assertEquals(Digest.of(MANIFEST), accepted.manifest());
    assertEquals(IMAGE, accepted.reference());
    assertEquals(Optional.of("localhost/app"), accepted.claimedRepository());
    assertEquals(List.of(), accepted.passedOver());
  }

  @Test
  void theSignersPayloadIsTheCanonicalOne() {
    StoredSignature signature = new Signer(KEY).sign(Digest.of(MANIFEST), "localhost/app");
    assertEquals(filled(GOOD), new String(signature.payload(), UTF_8));
    assertInstanceOf(Accepted.class, check(MANIFEST, signature));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"creator\":\"x\",\"timestamp\":1657296609}",
        "{\"other\":[1,{\"a\":null}]}"
      })
  void optionalMayHoldWhatSignersAdd(String optional) {
    assertInstanceOf(
        Accepted.class, check(MANIFEST, signed(GOOD.replace(":null}", ":" + optional + "}"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "GOOD{}",
        "GOOD,",
        "GOOD\0",
        "{\"critical\":1,\"optional\":null}",
        // a member twice, at every level: readers differ in which one they take
        "{\"optional\":null,GOOD-BODY",
        "{\"critical\":{},GOOD-BODY",
      })
  void aSignedPayloadOfAnotherFormIsRejected(String template) {
    String payload = template.replace("GOOD-BODY", GOOD.substring(1)).replace("GOOD", GOOD);
    assertRejected("as something else", MANIFEST, signed(payload));
  }

  @Test
  void everyMemberIsRequiredAndNoOtherAllowed() {
    for (String payload :
        List.of(
            GOOD.replace(",\"optional\":null", ""),
            GOOD.replace("\"optional\"", "\"Optional\""),
            GOOD.replace("{\"critical\"", "{\"more\":1,\"critical\""),
            GOOD.replace("{\"identity\"", "{\"more\":1,\"identity\""),
            GOOD.replace("{\"docker-ref", "{\"more\":1,\"docker-ref"),
            GOOD.replace("{\"docker-man", "{\"more\":1,\"docker-man"),
            GOOD.replace("{\"docker-man", "{\"docker-manifest-digest\":\"DIGEST\",\"docker-man"),
            GOOD.replace("\"localhost/app\"", "7"),
            GOOD.replace("cosign container", "atomic container"),
            GOOD.replace("sha256:", "sha512:").replace("DIGEST", "DIGEST0"),
            GOOD.replace(":null}", ":7}"),
            GOOD.replace(":null}", ":{\"creator\":7}}"),
            GOOD.replace(":null}", ":{\"timestamp\":1.5}}"),
            GOOD.replace(":null}", ":{\"timestamp\":\"1\"}}"))) {
      assertRejected("as something else", MANIFEST, signed(payload));
    }
  }

  @Test
  void anotherDigestIsRejected() {
    String other = GOOD.replace("DIGEST", Digest.of(new byte[0]).toString());
    assertRejected("signed another digest", MANIFEST, signed(other));
  }

  @Test
  void anotherKeyIsRejected() {
    StoredSignature foreign =
        new Signer(SigningKey.generate()).sign(Digest.of(MANIFEST), "localhost/app");
    assertRejected("not made by a trusted key", MANIFEST, foreign);
    assertRejected(KEY.publicKey().fingerprint().toString(), MANIFEST, foreign);
  }

  /** The payload of a stranger must not be read: what it says is not even repeated. */
  @Test
  void anUnverifiedPayloadIsNotParsed() {
    StoredSignature good = signed(GOOD);
    StoredSignature swapped =
        new StoredSignature("no JSON".getBytes(UTF_8), good.signature(), "stored");
    assertRejected("not made by a trusted key", MANIFEST, swapped);
  }

  /** A tag moved to another manifest: that digest has no signature, or one copied to its name. */
  @Test
  void aMovedTagIsRejected() {
    byte[] moved = "{\"schemaVersion\":2,\"moved\":true}".getBytes(UTF_8);
    StoredSignature genuine = signed(GOOD);
    Map<Digest, List<StoredSignature>> layout = new HashMap<>();
    layout.put(Digest.of(MANIFEST), List.of(genuine));
    SignatureSource source = digest -> layout.getOrDefault(digest, List.of());
    assertInstanceOf(Accepted.class, POLICY.check(IMAGE, MANIFEST, source));
    Rejected unsigned = assertInstanceOf(Rejected.class, POLICY.check(IMAGE, moved, source));
    assertTrue(unsigned.refusal().why().contains("no signature for its digest"));
    layout.put(Digest.of(moved), List.of(genuine));
    Rejected copied = assertInstanceOf(Rejected.class, POLICY.check(IMAGE, moved, source));
    assertTrue(copied.refusal().why().contains("signed another digest"));
  }

  @Test
  void anUnsignedImageIsRejectedWithTheCommandsThatSignAndRunIt() {
    Rejected rejected =
        assertInstanceOf(Rejected.class, POLICY.check(IMAGE, MANIFEST, digest -> List.of()));
    String remedy = rejected.refusal().remedy();
    assertTrue(remedy.contains("caisson sign --key NAME.key 'oci:/images/my app:v1'"), remedy);
    assertTrue(remedy.contains("caisson run --key NAME.pub 'oci:/images/my app:v1'"), remedy);
    assertEquals(125, rejected.refusal().exitStatus());
  }

  @Test
  void anImageWhoseSignatureWasLeftBehindIsRejectedWithTheCommandThatCopiesIt() {
    Rejected rejected =
        assertInstanceOf(Rejected.class, POLICY.check(IMAGE, MANIFEST, digest -> List.of()));
    String tag = "sha256-" + Digest.of(MANIFEST).hex() + ".sig";
    String remedy = rejected.refusal().remedy();
    assertTrue(
        remedy.contains("skopeo copy SOURCE:" + tag + " 'oci:/images/my app:" + tag + "'"), remedy);
  }

  @Test
  void badSignaturesBesideAGoodOneAreReported() {
    StoredSignature bad = new StoredSignature(MANIFEST, "AAAA", "signature \u001b[31m1");
    SignatureSource source = digest -> List.of(bad, signed(GOOD), bad);
    Accepted accepted = assertInstanceOf(Accepted.class, POLICY.check(IMAGE, MANIFEST, source));
    assertEquals(2, accepted.passedOver().size());
    assertTrue(
        accepted.passedOver().get(0).startsWith("signature \\x1b[31m1: it is no ECDSA"),
        accepted.passedOver().get(0));
  }

  @Test
  void theClaimedRepositoryIsSafeToPrint() {
    StoredSignature signature = signed(GOOD.replace("localhost/app", "\\u001b[31mred"));
    Accepted accepted = assertInstanceOf(Accepted.class, check(MANIFEST, signature));
    assertEquals(Optional.of("\\x1b[31mred"), accepted.claimedRepository());
  }

  @Test
  void moreThan128SignaturesAreNotTried() {
    StoredSignature good = signed(GOOD);
    SignatureSource most = digest -> Collections.nCopies(128, good);
    SignatureSource tooMany = digest -> Collections.nCopies(129, good);
    assertInstanceOf(Accepted.class, POLICY.check(IMAGE, MANIFEST, most));
    Rejected rejected = assertInstanceOf(Rejected.class, POLICY.check(IMAGE, MANIFEST, tooMany));
    assertTrue(rejected.refusal().why().contains("more than 128"), rejected.refusal().why());
  }

  @Test
  void whatIsTooLongIsNotTried() {
    byte[] tooLong = new byte[KeyTrustPolicy.LONGEST_DOCUMENT + 1];
    assertRejected("longer than 4 MiB", tooLong, signed(GOOD));
    String signature = signed(GOOD).signature();
    assertRejected(
        "longer than 4 MiB", MANIFEST, new StoredSignature(tooLong, signature, "stored"));
    assertRejected(
        "longer than any",
        MANIFEST,
        new StoredSignature(MANIFEST, signature + "\n".repeat(2000), "stored"));
  }

  @Test
  void wrappedBase64IsReadAndNothingElseIs() {
    StoredSignature good = signed(GOOD);
    String text = good.signature();
    String wrapped = text.substring(0, 20) + "\r\n" + text.substring(20) + "\n";
    assertInstanceOf(
        Accepted.class, check(MANIFEST, new StoredSignature(good.payload(), wrapped, "stored")));
    for (String other :
        List.of(
            text.substring(0, 20) + " " + text.substring(20),
            text + "=",
            text.replace("=", "") + "!",
            "\u00e9" + text)) {
      assertRejected(
          "no ECDSA signature", MANIFEST, new StoredSignature(good.payload(), other, "stored"));
    }
  }

  @Test
  void withoutKeysNothingIsAccepted() {
    Rejected rejected =
        assertInstanceOf(
            Rejected.class,
            TrustPolicy.signedBy(List.of()).check(IMAGE, MANIFEST, d -> List.of(signed(GOOD))));
    assertTrue(rejected.refusal().why().contains("there are none"), rejected.refusal().why());
  }

  private static String filled(String template) {
    return template.replace("DIGEST", Digest.of(MANIFEST).toString());
  }

  /** A signature by the trusted key, whatever the payload says. */
  private static StoredSignature signed(String template) {
    byte[] payload = filled(template).getBytes(UTF_8);
    String signature = Base64.getEncoder().encodeToString(KEY.sign(payload));
    return new StoredSignature(payload, signature, "stored");
  }

  private static TrustDecision check(byte[] manifest, StoredSignature signature) {
    return POLICY.check(IMAGE, manifest, digest -> List.of(signature));
  }

  private static void assertRejected(String why, byte[] manifest, StoredSignature signature) {
    Rejected rejected = assertInstanceOf(Rejected.class, check(manifest, signature));
    assertTrue(rejected.refusal().why().contains(why), rejected.refusal().why());
  }
}
