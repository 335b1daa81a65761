package dev.caisson.launch;

import dev.caisson.policy.Address;
import dev.caisson.policy.Place.AddressBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The words of one rule of a packet filter, while its expressions are read. */
final class PacketRuleText {
  private static final String DESTINATION_4 =
      payload(NfTables.NETWORK_HEADER, NfTables.IPV4_DESTINATION);
  private static final String DESTINATION_6 =
      payload(NfTables.NETWORK_HEADER, NfTables.IPV6_DESTINATION);
  private static final String PORT = payload(NfTables.TRANSPORT_HEADER, NfTables.DESTINATION_PORT);
  private static final String MESSAGE_TYPE = payload(NfTables.TRANSPORT_HEADER, 0);

  private final List<String> words = new ArrayList<>();
  private String verdict = "count";

  /** What the register holds, and the mask that was laid over it. */
  private String loaded = "";

  private byte[] mask = {};

  private PacketRuleText() {}

  /** What becomes of which packets: {@code accept to 192.0.2.7 tcp port 443}. */
  static String of(NetlinkAttributes expressions) {
    PacketRuleText text = new PacketRuleText();
    for (NetlinkAttributes expression : expressions.elements()) {
      text.expression(
          expression.text(NfTables.EXPRESSION_NAME), expression.nested(NfTables.EXPRESSION_DATA));
    }
    String which = text.words.isEmpty() ? "everything" : String.join(" ", text.words);
    return text.verdict + " " + which;
  }

  private void expression(String name, NetlinkAttributes data) {
    switch (name) {
      case "meta" -> load("meta " + data.number(NfTables.META_KEY));
      case "ct" -> load("ct " + data.number(NfTables.CT_KEY));
      case "payload" ->
          load(payload(data.number(NfTables.PAYLOAD_BASE), data.number(NfTables.PAYLOAD_OFFSET)));
      case "bitwise" -> mask = value(data, NfTables.BITWISE_MASK);
      case "cmp" ->
          compare(
              data.number(NfTables.COMPARE_OPERATION) == NfTables.EQUAL,
              value(data, NfTables.COMPARE_DATA));
      case "range" -> range(value(data, NfTables.RANGE_FROM), value(data, NfTables.RANGE_TO));
      case "immediate" -> verdict = verdict(data.nested(NfTables.IMMEDIATE_DATA));
      case "reject" -> verdict = "refuse";
      default -> words.add("(" + name + ")");
    }
  }

  private void load(String what) {
    loaded = what;
    mask = new byte[0];
  }

  private void compare(boolean equal, byte[] expected) {
    if (!equal && loaded.equals("ct " + NfTables.CT_STATE)) {
      words.add("answers of connections that were let through");
    } else if (!equal) {
      unknown("!=", expected);
    } else if (loaded.startsWith("meta ")) {
      meta(expected);
    } else if (loaded.equals(DESTINATION_4) || loaded.equals(DESTINATION_6)) {
      // in place of the family, which the address shows
      words.set(words.size() - 1, "to " + addresses(expected));
    } else if (loaded.equals(PORT)) {
      words.add("port " + port(expected));
    } else {
      unknown("==", expected);
    }
  }

  private void meta(byte[] expected) {
    switch (Integer.parseInt(loaded.substring("meta ".length()))) {
      case NfTables.META_FAMILY ->
          words.add(expected[0] == NfTables.FAMILY_IPV4 ? "to IPv4" : "to IPv6");
      case NfTables.META_PROTOCOL -> words.add(protocol(expected[0]));
      case NfTables.META_INPUT_INTERFACE -> words.add("from " + networkInterface(expected));
      case NfTables.META_OUTPUT_INTERFACE -> words.add("to " + networkInterface(expected));
      default -> unknown("==", expected);
    }
  }

  private void range(byte[] from, byte[] to) {
    if (loaded.equals(PORT)) {
      words.add("ports " + port(from) + " to " + port(to));
    } else if (loaded.equals(MESSAGE_TYPE)) {
      words.add("types " + (from[0] & 255) + " to " + (to[0] & 255));
    } else {
      unknown("in " + hex(from) + " to", to);
    }
  }

  /** Shown as it is, so that nothing is left out. */
  private void unknown(String relation, byte[] expected) {
    words.add("(" + loaded + " " + relation + " " + hex(expected) + ")");
  }

  private String addresses(byte[] first) {
    Address address = Address.of(first);
    int prefix = mask.length == 0 ? address.bits() : bits(mask);
    return prefix == address.bits() ? address.toString() : new AddressBlock(address, prefix).text();
  }

  private static String payload(int base, int offset) {
    return "payload " + base + " " + offset;
  }

  private static String protocol(byte number) {
    return switch (number) {
      case NfTables.PROTOCOL_TCP -> "tcp";
      case NfTables.PROTOCOL_UDP -> "udp";
      case NfTables.PROTOCOL_ICMPV6 -> "icmpv6";
      default -> "protocol " + (number & 255);
    };
  }

  private static String networkInterface(byte[] index) {
    int number = ByteBuffer.wrap(index).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return number == NfTables.LOOPBACK_INTERFACE ? "loopback" : "interface " + number;
  }

  private static String verdict(NetlinkAttributes data) {
    int code = data.nested(NfTables.DATA_VERDICT).number(NfTables.VERDICT_CODE);
    return code == NfTables.ACCEPT ? "accept" : code == NfTables.DROP ? "drop" : "jump";
  }

  private static byte[] value(NetlinkAttributes data, int type) {
    return data.nested(type).bytes(NfTables.DATA_VALUE);
  }

  private static int port(byte[] bytes) {
    return (bytes[0] & 255) << 8 | (bytes[1] & 255);
  }

  private static int bits(byte[] mask) {
    int bits = 0;
    for (byte each : mask) {
      bits += Integer.bitCount(each & 255);
    }
    return bits;
  }

  private static String hex(byte[] bytes) {
    StringBuilder out = new StringBuilder("0x");
    for (byte each : bytes) {
      out.append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
    }
    return out.toString();
  }
}
