package dev.caisson.signing;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The password of a key file, as bytes: characters are taken in UTF-8. It keeps a copy of its own,
 * which {@link #close} overwrites; the caller's array stays the caller's.
 */
public final class Password implements AutoCloseable {
  private final byte[] bytes;

  private Password(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Password of(char[] characters) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(characters));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(encoded.array(), (byte) 0);
    return new Password(bytes);
  }

  public static Password of(byte[] bytes) {
    return new Password(bytes.clone());
  }

  /** The bytes themselves, no copy. */
  byte[] bytes() {
    return bytes;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Overwrites the password. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "a password";
  }
}
