package dev.caisson.launch;

import dev.caisson.policy.Destination;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One rule of a packet filter: conditions, all of which must hold, then what becomes of the packet.
 * Each condition is a load into a register and a comparison that ends the rule where it fails.
 */
final class PacketRule {
  /** Types of ICMPv6 messages: router and neighbour solicitation and advertisement (RFC 4861). */
  private static final int FIRST_NEIGHBOUR_TYPE = 133;

  private static final int LAST_NEIGHBOUR_TYPE = 136;

  private final ByteArrayOutputStream expressions = new ByteArrayOutputStream();

  /** Packets that came in on loopback. */
  PacketRule fromLoopback() {
    return meta(NfTables.META_INPUT_INTERFACE, hostOrder(NfTables.LOOPBACK_INTERFACE));
  }

  /** Packets that leave on loopback. */
  PacketRule toLoopback() {
    return meta(NfTables.META_OUTPUT_INTERFACE, hostOrder(NfTables.LOOPBACK_INTERFACE));
  }

  /** Packets of connections that were let through, and errors that answer those. */
  PacketRule established() {
    add(
        "ct",
        Netlink.number(NfTables.CT_REGISTER, NfTables.REGISTER),
        Netlink.number(NfTables.CT_KEY, NfTables.CT_STATE));
    mask(hostOrder(NfTables.CT_ESTABLISHED | NfTables.CT_RELATED));
    compare(NfTables.NOT_EQUAL, hostOrder(0));
    return this;
  }

  /** IPv6's way to find the link's other stations, without which nothing is sent. */
  PacketRule neighbourDiscovery() {
    meta(NfTables.META_PROTOCOL, new byte[] {NfTables.PROTOCOL_ICMPV6});
    payload(NfTables.TRANSPORT_HEADER, 0, 1);
    range(new byte[] {(byte) FIRST_NEIGHBOUR_TYPE}, new byte[] {(byte) LAST_NEIGHBOUR_TYPE});
    return this;
  }

  /** Packets to one of these addresses. */
  PacketRule to(AddressBlock block) {
    byte[] address = block.first().bytes();
    boolean ipv6 = block.first().isIpv6();
    meta(
        NfTables.META_FAMILY,
        new byte[] {(byte) (ipv6 ? NfTables.FAMILY_IPV6 : NfTables.FAMILY_IPV4)});
    if (block.prefix() == 0) {
      return this;
    }
    payload(
        NfTables.NETWORK_HEADER,
        ipv6 ? NfTables.IPV6_DESTINATION : NfTables.IPV4_DESTINATION,
        address.length);
    if (block.prefix() < block.first().bits()) {
      mask(maskOf(address.length, block.prefix()));
    }
    compare(NfTables.EQUAL, address);
    return this;
  }

  /** Packets of that protocol to one of these ports. */
  PacketRule toPorts(Protocol protocol, int first, int last) {
    meta(
        NfTables.META_PROTOCOL,
        new byte[] {
          protocol == Protocol.TCP ? (byte) NfTables.PROTOCOL_TCP : (byte) NfTables.PROTOCOL_UDP
        });
    if (first <= 1 && last == Destination.LAST_PORT) {
      return this;
    }
    payload(NfTables.TRANSPORT_HEADER, NfTables.DESTINATION_PORT, 2);
    if (first == last) {
      compare(NfTables.EQUAL, port(first));
    } else {
      range(port(first), port(last));
    }
    return this;
  }

  /** Ends the rule: such a packet passes. */
  PacketRule accept() {
    add(
        "immediate",
        Netlink.number(NfTables.IMMEDIATE_REGISTER, NfTables.REGISTER_VERDICT),
        Netlink.nested(
            NfTables.IMMEDIATE_DATA,
            Netlink.nested(
                NfTables.DATA_VERDICT, Netlink.number(NfTables.VERDICT_CODE, NfTables.ACCEPT))));
    return this;
  }

  /** Ends the rule: such a packet is dropped and its sender told so at once. */
  PacketRule refuse() {
    add(
        "reject",
        Netlink.number(NfTables.REJECT_TYPE, NfTables.REJECT_ICMP_OF_EITHER),
        Netlink.attribute(NfTables.REJECT_CODE, new byte[] {NfTables.ADMINISTRATIVELY_PROHIBITED}));
    return this;
  }

  /** The expressions, each an element of a list. */
  byte[] expressions() {
    return expressions.toByteArray();
  }

  private PacketRule meta(int key, byte[] expected) {
    add(
        "meta",
        Netlink.number(NfTables.META_REGISTER, NfTables.REGISTER),
        Netlink.number(NfTables.META_KEY, key));
    compare(NfTables.EQUAL, expected);
    return this;
  }

  private void payload(int base, int offset, int length) {
    add(
        "payload",
        Netlink.number(NfTables.PAYLOAD_REGISTER, NfTables.REGISTER),
        Netlink.number(NfTables.PAYLOAD_BASE, base),
        Netlink.number(NfTables.PAYLOAD_OFFSET, offset),
        Netlink.number(NfTables.PAYLOAD_LENGTH, length));
  }

  private void mask(byte[] mask) {
    add(
        "bitwise",
        Netlink.number(NfTables.BITWISE_SOURCE, NfTables.REGISTER),
        Netlink.number(NfTables.BITWISE_TARGET, NfTables.REGISTER),
        Netlink.number(NfTables.BITWISE_LENGTH, mask.length),
        value(NfTables.BITWISE_MASK, mask),
        value(NfTables.BITWISE_XOR, new byte[mask.length]));
  }

  private void compare(int operation, byte[] expected) {
    add(
        "cmp",
        Netlink.number(NfTables.COMPARE_REGISTER, NfTables.REGISTER),
        Netlink.number(NfTables.COMPARE_OPERATION, operation),
        value(NfTables.COMPARE_DATA, expected));
  }

  private void range(byte[] from, byte[] to) {
    add(
        "range",
        Netlink.number(NfTables.RANGE_REGISTER, NfTables.REGISTER),
        Netlink.number(NfTables.RANGE_OPERATION, NfTables.EQUAL),
        value(NfTables.RANGE_FROM, from),
        value(NfTables.RANGE_TO, to));
  }

  private void add(String name, byte[]... data) {
    expressions.writeBytes(
        Netlink.nested(
            NfTables.LIST_ELEMENT,
            Netlink.text(NfTables.EXPRESSION_NAME, name),
            Netlink.nested(NfTables.EXPRESSION_DATA, data)));
  }

  private static byte[] value(int attribute, byte[] bytes) {
    return Netlink.nested(attribute, Netlink.attribute(NfTables.DATA_VALUE, bytes));
  }

  private static byte[] hostOrder(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] port(int port) {
    return new byte[] {(byte) (port >> 8), (byte) port};
  }

  private static byte[] maskOf(int length, int prefix) {
    byte[] mask = new byte[length];
    Arrays.fill(mask, 0, prefix / 8, (byte) 0xff);
    if (prefix % 8 != 0) {
      mask[prefix / 8] = (byte) (0xff00 >> prefix % 8);
    }
    return mask;
  }
}
