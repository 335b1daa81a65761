package dev.caisson.signing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A PEM block (RFC 7468), alone in its file.
 *
 * @param label what stands after BEGIN
 */
record Pem(String label, byte[] content) {
  /** A key file has some hundred bytes; what is longer is no key. */
  static final int LIMIT = 64 << 10;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /**
   * Reads a file that holds one block and white space around it.
   *
   * @param where how an error names the file
   */
  static Pem read(String where, byte[] file) {
    if (file.length > LIMIT) {
      throw refusal(where, "it has " + file.length + " bytes; a key has at most " + LIMIT);
    }
    String text = new String(file, StandardCharsets.ISO_8859_1).trim();
    int labelEnd = text.startsWith(BEGIN) ? text.indexOf(DASHES, BEGIN.length()) : -1;
    if (labelEnd < 0) {
      throw refusal(where, "it does not start with a line -----BEGIN ...-----");
    }
    String label = text.substring(BEGIN.length(), labelEnd);
    String last = END + label + DASHES;
    if (!text.endsWith(last) || text.indexOf(last) != text.length() - last.length()) {
      throw refusal(where, "it does not end with one line " + last);
    }
    if (label.startsWith("PGP ")) {
      // OpenPGP's armor has headers and a checksum: it is named, not decoded.
      return new Pem(label, new byte[0]);
    }
    String body = text.substring(labelEnd + DASHES.length(), text.length() - last.length());
    Optional<byte[]> content = StrictBase64.decode(body);
    if (content.isEmpty()) {
      throw refusal(where, "its base64 text is damaged or encrypted by headers");
    }
    return new Pem(label, content.get());
  }

  /** The block as a file, in lines of 64 characters. */
  byte[] toBytes() {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    String text = BEGIN + label + DASHES + "\n" + lines + "\n" + END + label + DASHES + "\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static TrustRefusal refusal(String where, String why) {
    return new TrustRefusal(
        "read the key " + where, why, "Give a PEM file such as caisson keygen writes");
  }
}
