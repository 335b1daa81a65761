package dev.caisson.launch;

/** Numbers of linux/netfilter/nf_tables.h and its neighbours that packet filters are made of. */
final class NfTables {
  /** The subsystem, in the upper byte of a message type. */
  private static final int SUBSYSTEM = 10;

  static final int BATCH_BEGIN = 0x10;
  static final int BATCH_END = 0x11;
  static final int NEW_TABLE = SUBSYSTEM << 8;
  static final int NEW_CHAIN = SUBSYSTEM << 8 | 3;
  static final int NEW_RULE = SUBSYSTEM << 8 | 6;

  /** Protocol families of a table, and in {@link #META_FAMILY}. */
  static final int FAMILY_INET = 1;

  static final int FAMILY_IPV4 = 2;
  static final int FAMILY_IPV6 = 10;

  static final int TABLE_NAME = 1;
  static final int CHAIN_TABLE = 1;
  static final int CHAIN_NAME = 3;
  static final int CHAIN_HOOK = 4;
  static final int CHAIN_POLICY = 5;
  static final int CHAIN_TYPE = 7;
  static final int HOOK_NUMBER = 1;
  static final int HOOK_PRIORITY = 2;
  static final int HOOK_INPUT = 1;
  static final int HOOK_FORWARD = 2;
  static final int HOOK_OUTPUT = 3;
  static final int RULE_TABLE = 1;
  static final int RULE_CHAIN = 2;
  static final int RULE_EXPRESSIONS = 4;

  static final int LIST_ELEMENT = 1;
  static final int EXPRESSION_NAME = 1;
  static final int EXPRESSION_DATA = 2;
  static final int DATA_VALUE = 1;
  static final int DATA_VERDICT = 2;
  static final int VERDICT_CODE = 1;
  static final int DROP = 0;
  static final int ACCEPT = 1;

  static final int REGISTER_VERDICT = 0;
  static final int REGISTER = 1;

  /** "meta": what the kernel knows of a packet; in the processor's byte order. */
  static final int META_REGISTER = 1;

  static final int META_KEY = 2;
  static final int META_INPUT_INTERFACE = 4;
  static final int META_OUTPUT_INTERFACE = 5;
  static final int META_FAMILY = 15;
  static final int META_PROTOCOL = 16;

  /** "ct": what connection tracking knows of a packet; a set of bits for the state. */
  static final int CT_REGISTER = 1;

  static final int CT_KEY = 2;
  static final int CT_STATE = 0;
  static final int CT_ESTABLISHED = 2;
  static final int CT_RELATED = 4;

  /** "payload": bytes of a header, in network byte order. */
  static final int PAYLOAD_REGISTER = 1;

  static final int PAYLOAD_BASE = 2;
  static final int PAYLOAD_OFFSET = 3;
  static final int PAYLOAD_LENGTH = 4;
  static final int NETWORK_HEADER = 1;
  static final int TRANSPORT_HEADER = 2;
  static final int IPV4_DESTINATION = 16;
  static final int IPV6_DESTINATION = 24;
  static final int DESTINATION_PORT = 2;

  static final int BITWISE_SOURCE = 1;
  static final int BITWISE_TARGET = 2;
  static final int BITWISE_LENGTH = 3;
  static final int BITWISE_MASK = 4;
  static final int BITWISE_XOR = 5;

  static final int COMPARE_REGISTER = 1;
  static final int COMPARE_OPERATION = 2;
  static final int COMPARE_DATA = 3;
  static final int EQUAL = 0;
  static final int NOT_EQUAL = 1;

  static final int RANGE_REGISTER = 1;
  static final int RANGE_OPERATION = 2;
  static final int RANGE_FROM = 3;
  static final int RANGE_TO = 4;

  static final int IMMEDIATE_REGISTER = 1;
  static final int IMMEDIATE_DATA = 2;

  static final int REJECT_TYPE = 1;
  static final int REJECT_CODE = 2;

  /** ICMP or ICMPv6, as the packet is. */
  static final int REJECT_ICMP_OF_EITHER = 2;

  static final int ADMINISTRATIVELY_PROHIBITED = 3;

  static final int PROTOCOL_TCP = 6;
  static final int PROTOCOL_UDP = 17;
  static final int PROTOCOL_ICMPV6 = 58;

  /** The interface that each network namespace is made with. */
  static final int LOOPBACK_INTERFACE = 1;

  private NfTables() {}
}
