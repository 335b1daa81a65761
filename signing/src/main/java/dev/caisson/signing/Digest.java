package dev.caisson.signing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The SHA-256 digest of some content (OCI image-spec, descriptor.md).
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
  private static final String PREFIX = "sha256:";

  public Digest {
    if (!isHex(hex)) {
      throw new IllegalArgumentException("no sha256 digest");
    }
  }

  /** Reads {@code sha256:<64 hex digits>}; empty for anything else, other algorithms included. */
  public static Optional<Digest> parse(String text) {
    return text.startsWith(PREFIX) && isHex(text.substring(PREFIX.length()))
        ? Optional.of(new Digest(text.substring(PREFIX.length())))
        : Optional.empty();
  }

  /** The digest of {@code content}. */
  public static Digest of(byte[] content) {
    return new Digest(HexFormat.of().formatHex(newHash().digest(content)));
  }

  /** The digest that {@code hash}, a {@link #newHash()}, has arrived at; the hash starts afresh. */
  public static Digest of(MessageDigest hash) {
    return new Digest(HexFormat.of().formatHex(hash.digest()));
  }

  /** A SHA-256 hash to feed piece by piece. */
  public static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  private static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return text.length() == 64;
  }

  // Spelt out: a record's own methods are linked at run time, which costs milliseconds at start.
  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
