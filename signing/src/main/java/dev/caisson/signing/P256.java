package dev.caisson.signing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * ECDSA over NIST P-256 with SHA-256 (FIPS 186-5, SEC 1): the encodings, and verification by the
 * JDK. In a fresh JVM the JDK needs some 30 ms for the first signature; a library from a signed jar
 * needs four times that, as its classes cannot come from a class-data archive.
 */
final class P256 {
  /** An uncompressed point: 4, x, y. */
  static final int POINT_LENGTH = 65;

  static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger PRIME =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);

  /** All of a SubjectPublicKeyInfo (RFC 5480) that precedes the point. */
  private static final byte[] SPKI_HEAD =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  /** A key and its signature over no bytes, made once by OpenSSL; the private half is gone. */
  private static final String KNOWN_POINT =
      "04451b40e1036517913328207ca3f33e0650da62249d7362cf5e8054acbee3dd23"
          + "d80e35d1c44fa998b2bc1deee1d6b0aac111ece05d51c69ca01b4d1cab69bdc4";

  private static final String KNOWN_SIGNATURE =
      "304502204eadfd2d2f563bae968c3da8faf8be39831598a001885e81ee5ad262e02f5497"
          + "022100da3d1673f856445e35b17284e894fdef289b40ee7d727b5812e64610f18d11d3";

  private P256() {}

  /** Verifies a known signature: true wherever the JDK computes as it should. */
  static boolean verifiesKnownSignature() {
    HexFormat hex = HexFormat.of();
    return verify(spki(hex.parseHex(KNOWN_POINT)), new byte[0], hex.parseHex(KNOWN_SIGNATURE));
  }

  static byte[] spki(byte[] point) {
    byte[] spki = Arrays.copyOf(SPKI_HEAD, SPKI_HEAD.length + POINT_LENGTH);
    System.arraycopy(point, 0, spki, SPKI_HEAD.length, POINT_LENGTH);
    return spki;
  }

  /** True for a SubjectPublicKeyInfo of an uncompressed P-256 point, its one DER encoding. */
  static boolean isSpki(byte[] der) {
    return der.length == SPKI_HEAD.length + POINT_LENGTH
        && Arrays.equals(der, 0, SPKI_HEAD.length, SPKI_HEAD, 0, SPKI_HEAD.length)
        && der[SPKI_HEAD.length] == 4;
  }

  static byte[] pointOf(byte[] spki) {
    return Arrays.copyOfRange(spki, SPKI_HEAD.length, spki.length);
  }

  /** True if the point solves the curve's equation; the JDK does not ask on every path. */
  static boolean isOnCurve(byte[] point) {
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 33));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 33, POINT_LENGTH));
    BigInteger right = x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(B);
    return x.compareTo(PRIME) < 0
        && y.compareTo(PRIME) < 0
        && y.multiply(y).subtract(right).mod(PRIME).signum() == 0;
  }

  /** True if {@code signature}, strict DER, is one by the key {@code spki} over {@code message}. */
  static boolean verify(byte[] spki, byte[] message, byte[] signature) {
    if (!isSignature(signature)) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki)));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException refused) {
      // Key and signature are well-formed: what the JDK still dislikes is no good signature.
      return false;
    }
  }

  /** True for SEQUENCE { r, s } with both in 1..order-1 (CVE-2022-21449), in its one encoding. */
  static boolean isSignature(byte[] der) {
    try {
      Der file = new Der(der);
      Der sequence = file.enter(Der.SEQUENCE);
      file.end();
      byte[] r = sequence.take(Der.INTEGER);
      byte[] s = sequence.take(Der.INTEGER);
      sequence.end();
      return isScalar(r) && isScalar(s);
    } catch (Der.Malformed malformed) {
      return false;
    }
  }

  private static boolean isScalar(byte[] integer) {
    boolean shortest =
        integer.length == 1 || (integer.length > 1 && (integer[0] != 0 || integer[1] < 0));
    return shortest && isPrivateKey(new BigInteger(integer));
  }

  /** True for 1..order-1. */
  static boolean isPrivateKey(BigInteger value) {
    return value.signum() > 0 && value.compareTo(ORDER) < 0;
  }
}
