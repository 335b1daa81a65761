package dev.caisson.policy;

import java.util.Arrays;
import java.util.Optional;

/** An IPv4 or IPv6 address. */
public final class Address {
  private static final int IPV4 = 4;
  private static final int IPV6 = 16;
  private static final int GROUPS = 8;
  private static final int MAPPED_BITS = 96;

  private final byte[] bytes;

  private Address(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The address of these 4 or 16 bytes, in network byte order. */
  public static Address of(byte[] bytes) {
    if (bytes.length != IPV4 && bytes.length != IPV6) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes");
    }
    return new Address(bytes.clone());
  }

  /**
   * Reads four decimal numbers without leading zeros, or an IPv6 address in hexadecimal (RFC 4291,
   * section 2.2, forms 1 and 2).
   */
  public static Optional<Address> parse(String text) {
    return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
  }

  private static Optional<Address> ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[IPV4];
    for (int i = 0; i < parts.length; i++) {
      int part = Numbers.decimal(parts[i], 255);
      if (parts.length != IPV4 || part < 0) {
        return Optional.empty();
      }
      bytes[i] = (byte) part;
    }
    return Optional.of(new Address(bytes));
  }

  private static Optional<Address> ipv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = groups(text);
      return all.length == IPV6 ? Optional.of(new Address(all)) : Optional.empty();
    }
    String before = text.substring(0, gap);
    String after = text.substring(gap + 2);
    byte[] head = groups(before);
    byte[] tail = groups(after);
    boolean read = (head.length > 0 || before.isEmpty()) && (tail.length > 0 || after.isEmpty());
    if (!read || head.length + tail.length > IPV6 - 2) {
      return Optional.empty();
    }
    byte[] bytes = Arrays.copyOf(head, IPV6);
    System.arraycopy(tail, 0, bytes, IPV6 - tail.length, tail.length);
    return Optional.of(new Address(bytes));
  }

  /** Two bytes for each group; none where the text is no list of groups. */
  private static byte[] groups(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > GROUPS) {
      return new byte[0];
    }
    byte[] bytes = new byte[2 * parts.length];
    for (int i = 0; i < parts.length; i++) {
      int group = Numbers.hexadecimal(parts[i], 4);
      if (group < 0) {
        return new byte[0];
      }
      bytes[2 * i] = (byte) (group >> 8);
      bytes[2 * i + 1] = (byte) group;
    }
    return bytes;
  }

  public boolean isIpv6() {
    return bytes.length == IPV6;
  }

  /** 127.0.0.0/8 (RFC 1122, section 3.2.1.3) or ::1 (RFC 4291, section 2.5.3). */
  public boolean isLoopback() {
    return isIpv6() ? ipv6().equals("::1") : bytes[0] == 127;
  }

  /** 0.0.0.0 (RFC 1122, section 3.2.1.3) or :: (RFC 4291, section 2.5.2). */
  public boolean isUnspecified() {
    return equals(startOf(0));
  }

  /** The IPv4 address that ::ffff:0:0/96 holds (RFC 4291, section 2.5.5.2), or else this one. */
  public Address unmapped() {
    boolean mapped =
        isIpv6()
            && startOf(MAPPED_BITS - 16).isUnspecified()
            && (bytes[10] & bytes[11] & 255) == 0xff;
    return mapped ? new Address(Arrays.copyOfRange(bytes, IPV6 - IPV4, IPV6)) : this;
  }

  /** Its length: 32 or 128. */
  public int bits() {
    return 8 * bytes.length;
  }

  /** In network byte order. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** This address with every bit behind the first {@code prefix} cleared. */
  public Address startOf(int prefix) {
    byte[] start = bytes.clone();
    for (int i = 0; i < start.length; i++) {
      int kept = Math.max(0, Math.min(8, prefix - 8 * i));
      start[i] &= (byte) (0xff00 >> kept);
    }
    return new Address(start);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The one spelling of RFC 5952, section 4. */
  @Override
  public String toString() {
    return isIpv6() ? ipv6() : ipv4();
  }

  private String ipv4() {
    return (bytes[0] & 255)
        + "."
        + (bytes[1] & 255)
        + "."
        + (bytes[2] & 255)
        + "."
        + (bytes[3] & 255);
  }

  private int group(int index) {
    return (bytes[2 * index] & 255) << 8 | (bytes[2 * index + 1] & 255);
  }

  private String ipv6() {
    int gap = GROUPS;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int zeros = zerosAt(i);
      if (zeros > length) {
        gap = i;
        length = zeros;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text.append("::");
        i += length - 1;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(group(i)));
      }
    }
    return text.toString();
  }

  private int zerosAt(int index) {
    int end = index;
    while (end < GROUPS && group(end) == 0) {
      end++;
    }
    return end - index;
  }
}
