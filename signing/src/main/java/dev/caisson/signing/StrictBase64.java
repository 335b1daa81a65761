package dev.caisson.signing;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Base64 (RFC 4648, section 4) with its padding and without stray bits. CR and LF are ignored, as
 * signers wrap lines; nothing else is.
 */
final class StrictBase64 {
  private StrictBase64() {}

  static Optional<byte[]> decode(String text) {
    byte[] kept = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        return Optional.empty();
      }
      if (c != '\r' && c != '\n') {
        kept[length++] = (byte) c;
      }
    }
    byte[] encoded = Arrays.copyOf(kept, length);
    try {
      byte[] decoded = Base64.getDecoder().decode(encoded);
      // The JDK takes missing padding and stray bits; only the one right spelling is accepted.
      return Arrays.equals(Base64.getEncoder().encode(decoded), encoded)
          ? Optional.of(decoded)
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
