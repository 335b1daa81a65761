package dev.caisson.signing;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names the private keys that openssl writes, with and without a password: none of them signs. */
final class OpensslPrivateKey {
  private static final List<String> LABELS =
      List.of(
          "PRIVATE KEY",
          "ENCRYPTED PRIVATE KEY",
          "EC PRIVATE KEY",
          "RSA PRIVATE KEY",
          "DSA PRIVATE KEY");

  private OpensslPrivateKey() {}

  /**
   * Looks for such a key anywhere in the file, as parameters and headers may stand before it.
   *
   * @throws TrustRefusal if there is one
   */
  static void refuse(String where, byte[] file) {
    int length = Math.min(file.length, Pem.LIMIT);
    String text = new String(file, 0, length, StandardCharsets.ISO_8859_1);
    for (String label : LABELS) {
      if (text.contains("-----BEGIN " + label + "-----")) {
        throw new TrustRefusal(
            "open the private key " + where,
            "it is in openssl's form (" + label + "); what signs is a key in cosign's form",
            "Make a key with caisson keygen; or, if this one is an ECDSA key on P-256, let cosign"
                + " import-key-pair --key "
                + (Refusals.quoted(where) + " make one of it"));
      }
    }
  }
}
