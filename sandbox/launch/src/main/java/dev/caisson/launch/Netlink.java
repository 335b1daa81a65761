package dev.caisson.launch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Netlink messages and attributes as bytes (netlink(7)). Headers are in the processor's byte order,
 * which is little-endian on both architectures; what a number in an attribute means, and in which
 * order, is the family's affair.
 */
final class Netlink {
  static final int FAMILY_NETFILTER = 12;

  /** A message type: an error, or with the error 0 an acknowledgement. */
  static final int ERROR = 2;

  static final int REQUEST = 1;
  static final int ACKNOWLEDGE = 4;
  static final int CREATE = 0x400;
  static final int APPEND = 0x800;

  static final int HEADER_BYTES = 16;
  static final int TYPE_OFFSET = 4;
  static final int SEQUENCE_OFFSET = 8;
  static final int ATTRIBUTE_HEADER_BYTES = 4;

  /** In an attribute's type: it holds attributes. */
  static final int NESTED = 0x8000;

  private Netlink() {}

  /** One message: its header, then {@code parts}, each a multiple of four bytes. */
  static byte[] message(int type, int flags, int sequence, byte[]... parts) {
    byte[] body = join(parts);
    return ByteBuffer.allocate(HEADER_BYTES + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(HEADER_BYTES + body.length)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(0)
        .put(body)
        .array();
  }

  /** An attribute of {@code value}, padded to a multiple of four bytes. */
  static byte[] attribute(int type, byte[] value) {
    int length = ATTRIBUTE_HEADER_BYTES + value.length;
    return ByteBuffer.allocate(aligned(length))
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) length)
        .putShort((short) type)
        .put(value)
        .array();
  }

  /** An attribute that holds {@code attributes}. */
  static byte[] nested(int type, byte[]... attributes) {
    return attribute(type | NESTED, join(attributes));
  }

  /** An attribute of a number in network byte order. */
  static byte[] number(int type, int value) {
    return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  /** An attribute of a NUL-terminated text. */
  static byte[] text(int type, String value) {
    return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static int aligned(int length) {
    return (length + 3) & ~3;
  }
}
