package dev.caisson.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Netlink attributes as they are read; one that is not there is 0, or empty. */
final class NetlinkAttributes {
  private final Map<Integer, ByteBuffer> byType = new HashMap<>();
  private final List<ByteBuffer> inOrder = new ArrayList<>();

  /** Reads what follows the position of {@code body}. */
  NetlinkAttributes(ByteBuffer body) {
    ByteBuffer in = body.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = in.position();
    while (at + Netlink.ATTRIBUTE_HEADER_BYTES <= in.limit()) {
      int length = in.getShort(at) & 0xffff;
      int type = in.getShort(at + 2) & ~Netlink.NESTED & 0xffff;
      // network byte order, which a slice has
      ByteBuffer value =
          in.duplicate().position(at + Netlink.ATTRIBUTE_HEADER_BYTES).limit(at + length).slice();
      byType.put(type, value);
      inOrder.add(value);
      at += Netlink.aligned(length);
    }
  }

  /** A number in network byte order. */
  int number(int type) {
    ByteBuffer value = value(type);
    return value.remaining() < 4 ? 0 : value.getInt();
  }

  /** A NUL-terminated text. */
  String text(int type) {
    String text = new String(bytes(type), StandardCharsets.US_ASCII);
    return text.isEmpty() ? text : text.substring(0, text.length() - 1);
  }

  byte[] bytes(int type) {
    ByteBuffer value = value(type);
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    return bytes;
  }

  NetlinkAttributes nested(int type) {
    return new NetlinkAttributes(value(type));
  }

  /** Those of each attribute, in their order. */
  List<NetlinkAttributes> elements() {
    return inOrder.stream().map(NetlinkAttributes::new).toList();
  }

  private ByteBuffer value(int type) {
    return byType.getOrDefault(type, ByteBuffer.allocate(0)).duplicate();
  }
}
