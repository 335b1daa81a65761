package dev.caisson.signing;

import java.util.Arrays;

/** A public key that image signatures are checked with: ECDSA over P-256, what cosign makes. */
public final class VerificationKey {
  static final String LABEL = "PUBLIC KEY";

  private final String where;
  private final byte[] spki;

  /** For a {@code spki} that is known to be a P-256 key. */
  VerificationKey(String where, byte[] spki) {
    this.where = where;
    this.spki = spki.clone();
  }

  /**
   * Reads a PEM file with one {@code PUBLIC KEY} block (SubjectPublicKeyInfo, RFC 5280).
   *
   * @param where how errors and decisions name the file
   * @throws TrustRefusal for every other kind of key, naming the kind
   */
  public static VerificationKey read(String where, byte[] file) {
    Pem pem = Pem.read(where, file);
    if (!pem.label().equals(LABEL) || !P256.isSpki(pem.content())) {
      throw UnsupportedKey.refusal(where, pem);
    }
    if (!P256.isOnCurve(P256.pointOf(pem.content()))) {
      throw new TrustRefusal(
          "read the key " + where,
          "its point does not lie on the curve P-256: the file is damaged",
          "Get the public key again from who made it");
    }
    return new VerificationKey(where, pem.content());
  }

  /**
   * Starts to load, on a thread of its own, what the first verification in a process waits for:
   * providers, hashing and curve arithmetic, some 30 ms of a cold start. To be called as soon as it
   * is known that a signature will be checked; nothing depends on it.
   */
  public static void prepare() {
    Thread thread = new Preparation();
    thread.setDaemon(true);
    thread.start();
  }

  private static final class Preparation extends Thread {
    @Override
    public void run() {
      if (!P256.verifiesKnownSignature()) {
        throw new IllegalStateException("this Java installation cannot verify ECDSA over P-256");
      }
    }
  }

  /** How the key's file is called. */
  public String where() {
    return where;
  }

  /** The SHA-256 digest of the key's SubjectPublicKeyInfo. */
  public Digest fingerprint() {
    return Digest.of(spki);
  }

  /** The key as a PEM file, as cosign writes {@code cosign.pub}. */
  public byte[] toPem() {
    return new Pem(LABEL, spki).toBytes();
  }

  /** The public point, uncompressed. */
  byte[] point() {
    return P256.pointOf(spki);
  }

  /** True if {@code signature}, strict DER, is one by this key over {@code message}. */
  boolean verifies(byte[] message, byte[] signature) {
    return P256.verify(spki, message, signature);
  }

  /** The same key, wherever it was read from. */
  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey key && Arrays.equals(spki, key.spki);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(spki);
  }

  /** The fingerprint and where the key was read from. */
  @Override
  public String toString() {
    return fingerprint() + " (" + where + ")";
  }
}
