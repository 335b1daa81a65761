package dev.caisson.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a batch of nf_tables messages back into words, one line a chain or rule: {@code output:
 * accept to 192.0.2.7 tcp port 443}. What it does not know it shows as it is.
 */
final class PacketFilterText {
  /** Of struct nfgenmsg, between a message's header and its attributes. */
  private static final int FAMILY_BYTES = 4;

  private PacketFilterText() {}

  /** The chains and rules of {@code batch} in their order. */
  static List<String> of(byte[] batch) {
    List<String> lines = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at + Netlink.HEADER_BYTES <= batch.length) {
      int length = in.getInt(at);
      int type = in.getShort(at + Netlink.TYPE_OFFSET) & 0xffff;
      NetlinkAttributes body =
          new NetlinkAttributes(
              in.duplicate().position(at + Netlink.HEADER_BYTES + FAMILY_BYTES).limit(at + length));
      if (type == NfTables.NEW_CHAIN) {
        lines.add(chain(body));
      } else if (type == NfTables.NEW_RULE) {
        lines.add(
            body.text(NfTables.RULE_CHAIN)
                + ": "
                + PacketRuleText.of(body.nested(NfTables.RULE_EXPRESSIONS)));
      }
      at += Netlink.aligned(length);
    }
    return lines;
  }

  private static String chain(NetlinkAttributes body) {
    boolean drops = body.number(NfTables.CHAIN_POLICY) == NfTables.DROP;
    return body.text(NfTables.CHAIN_NAME)
        + (drops ? ": drop what no rule decides" : ": accept what no rule decides");
  }
}
