package dev.caisson.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationKeyTest {
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);

  @Test
  void readsBackWhatItWrote() {
    VerificationKey key = SigningKey.generate().publicKey();
    assertEquals(key, VerificationKey.read("test.pub", key.toPem()));
  }

  @Test
  void theFileIsWhatCosignWrites() {
    byte[] file = Vectors.read("containers-image/cosign.pub");
    assertEquals(
        new String(file, UTF_8),
        new String(VerificationKey.read("cosign.pub", file).toPem(), UTF_8));
  }

  @Test
  void theFingerprintIsThatOfTheSubjectPublicKeyInfo() {
    byte[] file = Vectors.read("containers-image/cosign.pub");
    assertEquals(
        Digest.of(Pem.read("cosign.pub", file).content()),
        VerificationKey.read("cosign.pub", file).fingerprint());
  }

  @Test
  void theKnownSignatureIsVerified() {
    assertTrue(P256.verifiesKnownSignature());
  }

  @Test
  void lineEndsOfWindowsAreRead() {
    String file = new String(Vectors.read("containers-image/cosign.pub"), UTF_8);
    VerificationKey.read("cosign.pub", file.replace("\n", "\r\n").getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "containers-image/some-rsa-key.pub,     an RSA key of 4096 bits",
    "cosign-keys/invalidrsawithpubkey.pem,  an RSA key of 2048 bits",
    "cosign-keys/invalidkey.pem,            a private key (PGP PRIVATE KEY BLOCK)",
    "cosign-keys/validecp256.pem,           a private key (EC PRIVATE KEY)",
    "cosign-keys/invalidrsasmallkey.pem,    a private key (RSA PRIVATE KEY)",
    "cosign-keys/ed25519key.pem,            a private key (PRIVATE KEY)",
    "cosign-keys/pemsigstorekey.pem,        a private key (ENCRYPTED SIGSTORE PRIVATE KEY)",
  })
  void otherKeysAreRefusedByName(String name, String kind) {
    assertRefused(Vectors.read(name), kind);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA,     1024,      an RSA key of 1024 bits",
    "EC,      secp384r1, an elliptic-curve key on P-384",
    "EC,      secp521r1, an elliptic-curve key on P-521",
    "Ed25519, Ed25519,   an Ed25519 key",
    "DSA,     2048,      a DSA key",
  })
  void otherAlgorithmsAreRefusedByName(String algorithm, String size, String kind)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec(size));
    } else if (!algorithm.equals("Ed25519")) {
      generator.initialize(Integer.parseInt(size));
    }
    byte[] spki = generator.generateKeyPair().getPublic().getEncoded();
    assertRefused(new Pem("PUBLIC KEY", spki).toBytes(), kind);
  }

  @Test
  void openPgpIsRefusedByName() {
    String armor =
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n\nmQ==\n=abcd\n"
            + "-----END PGP PUBLIC KEY BLOCK-----\n";
    assertRefused(armor.getBytes(UTF_8), "an OpenPGP key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no key at all",
        "-----BEGIN PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFkw!!!!\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFkwEw==\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMFkwEw==\n-----END OTHER KEY-----\n",
      })
  void damagedFilesAreRefused(String file) {
    assertThrows(TrustRefusal.class, () -> VerificationKey.read("test.pub", file.getBytes(UTF_8)));
  }

  @Test
  void twoKeysInAFileAreRefused() {
    String file = new String(Vectors.read("containers-image/cosign.pub"), UTF_8);
    assertThrows(
        TrustRefusal.class, () -> VerificationKey.read("test.pub", (file + file).getBytes(UTF_8)));
  }

  @Test
  void aHugeFileIsRefusedUnread() {
    assertThrows(
        TrustRefusal.class, () -> VerificationKey.read("test.pub", new byte[Pem.LIMIT + 1]));
  }

  @Test
  void aPointOffTheCurveIsRefused() {
    byte[] spki = Pem.read("k", Vectors.read("containers-image/cosign.pub")).content();
    spki[spki.length - 1] ^= 1;
    assertRefused(new Pem("PUBLIC KEY", spki).toBytes(), "does not lie on the curve");
  }

  @Test
  void signaturesInAnotherEncodingAreRefused() {
    SigningKey key = SigningKey.generate();
    byte[] good = key.sign(MESSAGE);
    assertTrue(key.publicKey().verifies(MESSAGE, good));
    assertFalse(key.publicKey().verifies(MESSAGE, longLength(good)), "length in two octets");
    assertFalse(key.publicKey().verifies(MESSAGE, paddedR(good)), "a leading zero too many");
    assertFalse(
        key.publicKey().verifies(MESSAGE, Arrays.copyOf(good, good.length + 1)), "a byte too many");
    assertFalse(key.publicKey().verifies(MESSAGE, new byte[0]));
  }

  /** CVE-2022-21449: a JDK once took r = s = 0 for a signature over everything. */
  @ParameterizedTest
  @ValueSource(strings = {"3006020100020100", "3006020101020100", "3006020100020101"})
  void zeroIsNoSignature(String hex) {
    byte[] signature = HexFormat.of().parseHex(hex);
    assertFalse(P256.isSignature(signature));
    assertFalse(SigningKey.generate().publicKey().verifies(MESSAGE, signature));
  }

  @Test
  void scalarsStayBelowTheOrder() {
    byte[] order = P256.ORDER.toByteArray();
    byte[] below = P256.ORDER.subtract(BigInteger.ONE).toByteArray();
    assertTrue(P256.isSignature(sequence(below, below)));
    assertFalse(P256.isSignature(sequence(order, below)));
    assertFalse(P256.isSignature(sequence(below, order)));
    assertFalse(P256.isSignature(sequence(new byte[] {-1}, below)), "a negative number");
  }

  private static byte[] sequence(byte[] r, byte[] s) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Der.SEQUENCE);
    out.write(r.length + s.length + 4);
    out.write(Der.INTEGER);
    out.write(r.length);
    out.writeBytes(r);
    out.write(Der.INTEGER);
    out.write(s.length);
    out.writeBytes(s);
    return out.toByteArray();
  }

  private static byte[] longLength(byte[] der) {
    byte[] out = new byte[der.length + 1];
    out[0] = der[0];
    out[1] = (byte) 0x81;
    System.arraycopy(der, 1, out, 2, der.length - 1);
    return out;
  }

  private static byte[] paddedR(byte[] der) {
    byte[] out = new byte[der.length + 1];
    System.arraycopy(der, 0, out, 0, 4);
    out[1]++;
    out[3]++;
    System.arraycopy(der, 4, out, 5, der.length - 4);
    return out;
  }

  private static void assertRefused(byte[] file, String kind) {
    TrustRefusal refusal =
        assertThrows(TrustRefusal.class, () -> VerificationKey.read("test.pub", file));
    assertTrue(refusal.why().contains(kind), refusal.why());
    assertTrue(refusal.attempted().contains("test.pub"), refusal.attempted());
  }
}
