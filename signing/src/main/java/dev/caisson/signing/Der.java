package dev.caisson.signing;

import java.util.Arrays;

/** Reads DER (X.690) strictly: definite lengths in their shortest form, and nothing left over. */
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;

  /** The bytes are not the DER that was expected. */
  static final class Malformed extends Exception {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  private final byte[] bytes;
  private int at;

  Der(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  /** The tag of the next element; 0, which tags nothing here, at the end. */
  int nextTag() {
    return hasMore() ? bytes[at] & 0xff : 0;
  }

  /** The content of the next element, which must have this tag. */
  byte[] take(int tag) throws Malformed {
    if (nextTag() != tag) {
      throw new Malformed("an element is missing or of another type");
    }
    at++;
    int length = length();
    if (length > bytes.length - at) {
      throw new Malformed("an element is cut short");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  Der enter(int tag) throws Malformed {
    return new Der(take(tag));
  }

  void end() throws Malformed {
    if (hasMore()) {
      throw new Malformed("bytes follow the last element");
    }
  }

  private int length() throws Malformed {
    int first = octet();
    if (first < 0x80) {
      return first;
    }
    int octets = first & 0x7f;
    if (octets < 1 || octets > 3) {
      throw new Malformed("a length is indefinite or too long");
    }
    int length = 0;
    for (int i = 0; i < octets; i++) {
      length = length << 8 | octet();
    }
    boolean shortest = octets == 1 ? length >= 0x80 : length >> (8 * (octets - 1)) != 0;
    if (!shortest) {
      throw new Malformed("a length is not in its shortest form");
    }
    return length;
  }

  private int octet() throws Malformed {
    if (!hasMore()) {
      throw new Malformed("an element is cut short");
    }
    return bytes[at++] & 0xff;
  }
}
