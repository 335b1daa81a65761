package dev.caisson.signing;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** A P-256 private key in PKCS #8 (RFC 5208, with RFC 5915's ECPrivateKey inside). */
final class Pkcs8 {
  private static final byte[] ALGORITHM =
      HexFormat.of().parseHex("06072a8648ce3d020106082a8648ce3d030107");

  /** What precedes the scalar, and what stands between it and the public point. */
  private static final byte[] HEAD =
      HexFormat.of()
          .parseHex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");

  private static final byte[] MIDDLE = HexFormat.of().parseHex("a144034200");
  private static final int SCALAR_LENGTH = 32;

  private Pkcs8() {}

  /** The encoding with the public key inside, as Go's x509 package and OpenSSL write it. */
  static byte[] write(SigningKey key) {
    byte[] der = new byte[HEAD.length + SCALAR_LENGTH + MIDDLE.length + P256.POINT_LENGTH];
    System.arraycopy(HEAD, 0, der, 0, HEAD.length);
    byte[] scalar = key.scalar().toByteArray();
    int significant = Math.min(scalar.length, SCALAR_LENGTH);
    int at = HEAD.length + SCALAR_LENGTH;
    System.arraycopy(scalar, scalar.length - significant, der, at - significant, significant);
    Arrays.fill(scalar, (byte) 0);
    System.arraycopy(MIDDLE, 0, der, at, MIDDLE.length);
    byte[] point = key.publicKey().point();
    System.arraycopy(point, 0, der, at + MIDDLE.length, point.length);
    return der;
  }

  /** Reads the key; empty if the bytes are no P-256 private key or contradict themselves. */
  static Optional<SigningKey> read(String where, byte[] der) {
    try {
      Der file = new Der(der);
      Der info = file.enter(Der.SEQUENCE);
      file.end();
      boolean known =
          Arrays.equals(info.take(Der.INTEGER), new byte[] {0})
              && Arrays.equals(info.take(Der.SEQUENCE), ALGORITHM);
      return known ? ecPrivateKey(where, new Der(info.take(Der.OCTET_STRING))) : Optional.empty();
    } catch (Der.Malformed malformed) {
      return Optional.empty();
    }
  }

  private static Optional<SigningKey> ecPrivateKey(String where, Der der) throws Der.Malformed {
    Der key = der.enter(Der.SEQUENCE);
    der.end();
    byte[] version = key.take(Der.INTEGER);
    byte[] octets = key.take(Der.OCTET_STRING);
    BigInteger scalar = new BigInteger(1, octets);
    Arrays.fill(octets, (byte) 0);
    if (!Arrays.equals(version, new byte[] {1}) || !P256.isPrivateKey(scalar)) {
      return Optional.empty();
    }
    byte[] point = publicPoint(scalar);
    while (key.hasMore()) {
      int tag = key.nextTag();
      byte[] content = key.take(tag);
      if (tag == 0xa1 && !Arrays.equals(content, bitString(point))) {
        return Optional.empty();
      }
    }
    return Optional.of(SigningKey.of(where, scalar, point));
  }

  private static byte[] publicPoint(BigInteger scalar) {
    X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
    return new FixedPointCombMultiplier()
        .multiply(curve.getG(), scalar)
        .normalize()
        .getEncoded(false);
  }

  private static byte[] bitString(byte[] point) {
    byte[] der = new byte[3 + point.length];
    System.arraycopy(new byte[] {Der.BIT_STRING, (byte) (point.length + 1), 0}, 0, der, 0, 3);
    System.arraycopy(point, 0, der, 3, point.length);
    return der;
  }
}
