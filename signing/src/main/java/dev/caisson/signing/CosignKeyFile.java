package dev.caisson.signing;

import dev.caisson.Printable;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The encrypted private key that {@code cosign generate-key-pair} writes: a PEM block whose content
 * is a JSON document with a scrypt salt and a NaCl secret box around a PKCS #8 key.
 */
public final class CosignKeyFile {
  private static final String LABEL = "ENCRYPTED SIGSTORE PRIVATE KEY";
  private static final String OLD_LABEL = "ENCRYPTED COSIGN PRIVATE KEY";
  private static final int SALT_LENGTH = 32;
  private static final int LONGEST_SALT = 1024;

  private final String where;
  private final Sealed sealed;

  private CosignKeyFile(String where, Sealed sealed) {
    this.where = where;
    this.sealed = sealed;
  }

  /** Encrypts {@code key}; the same key gives another file each time. */
  public static byte[] write(SigningKey key, Password password) {
    byte[] salt = random(SALT_LENGTH);
    byte[] nonce = random(SecretBox.NONCE_LENGTH);
    ScryptParameters cost = ScryptParameters.DEFAULT;
    byte[] boxKey = cost.deriveKey(password, salt);
    byte[] plain = Pkcs8.write(key);
    byte[] box = SecretBox.seal(boxKey, nonce, plain);
    Arrays.fill(boxKey, (byte) 0);
    Arrays.fill(plain, (byte) 0);
    String json =
        "{\"kdf\":{\"name\":\"scrypt\",\"params\":{\"N\":"
            + (cost.n() + ",\"r\":" + cost.r() + ",\"p\":" + cost.p())
            + ("},\"salt\":\"" + base64(salt))
            + ("\"},\"cipher\":{\"name\":\"nacl/secretbox\",\"nonce\":\"" + base64(nonce))
            + ("\"},\"ciphertext\":\"" + base64(box) + "\"}");
    return new Pem(LABEL, json.getBytes(StandardCharsets.US_ASCII)).toBytes();
  }

  /**
   * Reads a key file, but not the key in it.
   *
   * @param where how an error names the file
   * @throws TrustRefusal if the file is of another kind, damaged, or asks for an excessive scrypt
   *     cost
   */
  public static CosignKeyFile read(String where, byte[] file) {
    OpensslPrivateKey.refuse(where, file);
    Pem pem = Pem.read(where, file);
    if (!pem.label().equals(LABEL) && !pem.label().equals(OLD_LABEL)) {
      throw notEncryptedKey(where, pem.label());
    }
    Sealed sealed = sealed(where, pem.content());
    if (!sealed.cost.isAffordable()) {
      throw refusal(
          where,
          "its scrypt parameters N="
              + sealed.cost.n()
              + ", r="
              + sealed.cost.r()
              + ", p="
              + sealed.cost.p()
              + " are invalid or would take over 256 MiB of memory",
          "Do not use a key file of unknown origin; cosign writes N=32768 to 131072, r=8, p=1");
    }
    return new CosignKeyFile(where, sealed);
  }

  /**
   * Decrypts the key.
   *
   * @throws TrustRefusal if the file does not open with the password, or holds another kind of key
   */
  public SigningKey open(Password password) {
    byte[] boxKey = sealed.cost.deriveKey(password, sealed.salt);
    Optional<byte[]> plain = SecretBox.open(boxKey, sealed.nonce, sealed.box);
    Arrays.fill(boxKey, (byte) 0);
    byte[] der =
        plain.orElseThrow(
            () ->
                refusal(
                    where,
                    "the password does not open it",
                    "Give the password that the key was made with; if it is right, the file's"
                        + " encrypted part was changed: restore it from a backup"));
    Optional<SigningKey> key = Pkcs8.read(where, der);
    Arrays.fill(der, (byte) 0);
    return key.orElseThrow(
        () ->
            refusal(
                where,
                "the password is right, but the content is no ECDSA key on P-256",
                "Use a key that caisson keygen or cosign generate-key-pair made"));
  }

  private record Sealed(ScryptParameters cost, byte[] salt, byte[] nonce, byte[] box) {}

  private static Sealed sealed(String where, byte[] json) {
    try {
      JsonDocument document = JsonDocument.read(where, json);
      if (!document.problems().isEmpty() || document.root().isEmpty()) {
        throw new Members.Unexpected("its content is no strict JSON");
      }
      return sealed(document.root().get());
    } catch (Members.Unexpected unexpected) {
      throw refusal(
          where,
          "the file is damaged (the password was not tried): " + unexpected.reason(),
          "Restore the key file from a backup");
    }
  }

  private static Sealed sealed(JsonValue root) throws Members.Unexpected {
    Members file = Members.of("$", root, "kdf", "cipher", "ciphertext");
    Members kdf = Members.of("$.kdf", file.get("kdf"), "name", "params", "salt");
    Members cost = Members.of("$.kdf.params", kdf.get("params"), "N", "r", "p");
    Members cipher = Members.of("$.cipher", file.get("cipher"), "name", "nonce");
    byte[] salt = kdf.base64("salt");
    byte[] nonce = cipher.base64("nonce");
    byte[] box = file.base64("ciphertext");
    if (!kdf.string("name").equals("scrypt")
        || !cipher.string("name").equals("nacl/secretbox")
        || salt.length > LONGEST_SALT
        || nonce.length != SecretBox.NONCE_LENGTH
        || box.length < SecretBox.TAG_LENGTH) {
      throw new Members.Unexpected("it is not encrypted by scrypt and nacl/secretbox");
    }
    ScryptParameters parameters =
        new ScryptParameters(cost.whole("N"), cost.whole("r"), cost.whole("p"));
    return new Sealed(parameters, salt, nonce, box);
  }

  private static TrustRefusal notEncryptedKey(String where, String label) {
    String why = "it holds a block " + Printable.of(label) + ", not " + LABEL;
    return label.equals(VerificationKey.LABEL)
        ? refusal(where, "it holds a public key", "Give the file with the private half, NAME.key")
        : refusal(where, why, "Give a key that caisson keygen or cosign generate-key-pair made");
  }

  private static TrustRefusal refusal(String where, String why, String remedy) {
    return new TrustRefusal("open the private key " + where, why, remedy);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
