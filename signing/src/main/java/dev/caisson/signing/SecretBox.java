package dev.caisson.signing;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * NaCl's crypto_secretbox: XSalsa20 and Poly1305, the tag before the ciphertext. The first 32 bytes
 * of the key stream are the authenticator's one-time key.
 */
final class SecretBox {
  static final int KEY_LENGTH = 32;
  static final int NONCE_LENGTH = 24;
  static final int TAG_LENGTH = 16;

  private SecretBox() {}

  static byte[] seal(byte[] key, byte[] nonce, byte[] plain) {
    XSalsa20Engine cipher = cipher(key, nonce);
    byte[] macKey = oneTimeKey(cipher);
    byte[] box = new byte[TAG_LENGTH + plain.length];
    cipher.processBytes(plain, 0, plain.length, box, TAG_LENGTH);
    System.arraycopy(tag(macKey, box), 0, box, 0, TAG_LENGTH);
    return box;
  }

  /** The plain text; empty if the tag does not fit key, nonce and content. */
  static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] box) {
    if (box.length < TAG_LENGTH) {
      return Optional.empty();
    }
    XSalsa20Engine cipher = cipher(key, nonce);
    byte[] expected = tag(oneTimeKey(cipher), box);
    // isEqual takes the same time wherever the first difference stands.
    if (!MessageDigest.isEqual(expected, Arrays.copyOf(box, TAG_LENGTH))) {
      return Optional.empty();
    }
    byte[] plain = new byte[box.length - TAG_LENGTH];
    cipher.processBytes(box, TAG_LENGTH, plain.length, plain, 0);
    return Optional.of(plain);
  }

  private static XSalsa20Engine cipher(byte[] key, byte[] nonce) {
    XSalsa20Engine cipher = new XSalsa20Engine();
    cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    return cipher;
  }

  private static byte[] oneTimeKey(XSalsa20Engine cipher) {
    byte[] key = new byte[KEY_LENGTH];
    cipher.processBytes(key, 0, key.length, key, 0);
    return key;
  }

  private static byte[] tag(byte[] macKey, byte[] box) {
    Poly1305 mac = new Poly1305();
    mac.init(new KeyParameter(macKey));
    mac.update(box, TAG_LENGTH, box.length - TAG_LENGTH);
    byte[] tag = new byte[TAG_LENGTH];
    mac.doFinal(tag, 0);
    Arrays.fill(macKey, (byte) 0);
    return tag;
  }
}
