package dev.caisson.signing;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;

/**
 * A private key that signs images: ECDSA over P-256. It lives on the JVM's heap, where it cannot be
 * wiped with certainty: a process that signs should end soon after.
 */
public final class SigningKey {
  private static final String CURVE = "secp256r1";

  private final ECPrivateKey key;
  private final VerificationKey publicKey;

  private SigningKey(ECPrivateKey key, VerificationKey publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /** A new key from the JDK's secure random source. */
  public static SigningKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      KeyPair pair = generator.generateKeyPair();
      return new SigningKey(
          (ECPrivateKey) pair.getPrivate(),
          new VerificationKey("new key", pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java installation has no ECDSA over P-256", missing);
    }
  }

  /** The key with the secret {@code scalar} and the public {@code point} that belongs to it. */
  static SigningKey of(String where, BigInteger scalar, byte[] point) {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(CURVE));
      ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
      ECPrivateKey key =
          (ECPrivateKey)
              KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(scalar, curve));
      return new SigningKey(key, new VerificationKey(where, P256.spki(point)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java installation has no ECDSA over P-256", missing);
    }
  }

  /** The half that others verify with. */
  public VerificationKey publicKey() {
    return publicKey;
  }

  BigInteger scalar() {
    return key.getS();
  }

  /** A DER signature over the SHA-256 digest of {@code message}. */
  byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java installation cannot sign with P-256", missing);
    }
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return "private key of " + publicKey;
  }
}
