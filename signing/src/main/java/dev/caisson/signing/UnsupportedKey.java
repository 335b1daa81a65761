package dev.caisson.signing;

import dev.caisson.Printable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Says what a PEM file holds that is no supported public key. */
final class UnsupportedKey {
  private static final String RSA = "2a864886f70d010101";
  private static final String EC = "2a8648ce3d0201";
  private static final Map<String, String> ALGORITHMS =
      Map.of("2b6570", "an Ed25519 key", "2b6571", "an Ed448 key", "2a8648ce380401", "a DSA key");
  private static final Map<String, String> CURVES =
      Map.of(
          "2b81040021", "P-224",
          "2a8648ce3d030107", "P-256 in another encoding than the usual one",
          "2b81040022", "P-384",
          "2b81040023", "P-521",
          "2b8104000a", "secp256k1");

  private UnsupportedKey() {}

  static TrustRefusal refusal(String where, Pem pem) {
    String label = pem.label();
    if (label.contains("PRIVATE KEY")) {
      return new TrustRefusal(
          "read the public key " + where,
          "it holds a private key (" + Printable.of(label) + ")",
          "Give the file with the public half, NAME.pub");
    }
    return new TrustRefusal(
        "read the public key " + where,
        "it holds " + kind(pem) + "; ECDSA keys on P-256 are supported",
        "Give a public key that caisson keygen or cosign generate-key-pair made");
  }

  private static String kind(Pem pem) {
    return switch (pem.label()) {
      case "PUBLIC KEY" -> publicKey(pem.content());
      case "CERTIFICATE" -> "a certificate, not a bare key";
      case "PGP PUBLIC KEY BLOCK" -> "an OpenPGP key";
      case "RSA PUBLIC KEY" -> "an RSA key";
      default -> "a block " + Printable.of(pem.label());
    };
  }

  private static String publicKey(byte[] der) {
    try {
      Der info = new Der(der).enter(Der.SEQUENCE);
      Der algorithm = info.enter(Der.SEQUENCE);
      String name = HexFormat.of().formatHex(algorithm.take(Der.OBJECT_IDENTIFIER));
      if (name.equals(EC)) {
        String curve = HexFormat.of().formatHex(algorithm.take(Der.OBJECT_IDENTIFIER));
        return "an elliptic-curve key on " + CURVES.getOrDefault(curve, "an unknown curve");
      }
      if (name.equals(RSA)) {
        return "an RSA key of " + rsaBits(info.take(Der.BIT_STRING)) + " bits";
      }
      return ALGORITHMS.getOrDefault(name, "a key of an unknown algorithm");
    } catch (Der.Malformed malformed) {
      return "a damaged key";
    }
  }

  private static int rsaBits(byte[] bitString) throws Der.Malformed {
    // The first octet of a BIT STRING counts unused bits, zero for a key.
    byte[] key = Arrays.copyOfRange(bitString, Math.min(1, bitString.length), bitString.length);
    byte[] modulus = new Der(key).enter(Der.SEQUENCE).take(Der.INTEGER);
    return new BigInteger(1, modulus).bitLength();
  }
}
