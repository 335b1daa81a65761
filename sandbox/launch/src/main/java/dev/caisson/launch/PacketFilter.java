package dev.caisson.launch;

import dev.caisson.policy.Destination;
import dev.caisson.policy.NeverReached;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Protocol;
import dev.caisson.policy.PublishedPort;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The packet filter of a private network as one batch of netlink messages, which the kernel takes
 * whole or not at all. It stands in the sandbox's network namespace, over which the payload has no
 * power: whatever connects that namespace to the host's network sees only what passes here.
 *
 * @param batch the messages (nft(8), linux/netfilter/nfnetlink.h)
 * @param last the sequence number of the only message that is acknowledged
 */
record PacketFilter(byte[] batch, int last) {
  private static final String TABLE = "caisson";
  private static final int DNS_PORT = 53;

  /**
   * The filter of a network whose listed destinations have addresses only.
   *
   * @param anywhere whether whatever is not on {@link NeverReached} may be reached
   * @param listed what may be reached else; each place is an address block
   * @param dns whether {@link NeverReached#RESOLVER} may be asked
   */
  static PacketFilter of(
      boolean anywhere, List<Destination> listed, boolean dns, List<PublishedPort> published) {
    Batch batch = new Batch();
    batch.chain("output", NfTables.HOOK_OUTPUT);
    batch.chain("input", NfTables.HOOK_INPUT);
    batch.chain("forward", NfTables.HOOK_FORWARD);
    batch.rule("input", new PacketRule().fromLoopback().accept());
    batch.rule("input", new PacketRule().established().accept());
    batch.rule("input", new PacketRule().neighbourDiscovery().accept());
    for (PublishedPort port : published) {
      batch.rule(
          "input",
          new PacketRule().toPorts(port.protocol(), port.insidePort(), port.insidePort()).accept());
    }
    batch.rule("output", new PacketRule().toLoopback().accept());
    batch.rule("output", new PacketRule().established().accept());
    batch.rule("output", new PacketRule().neighbourDiscovery().accept());
    if (dns) {
      AddressBlock resolver = new AddressBlock(NeverReached.RESOLVER, NeverReached.RESOLVER.bits());
      for (Protocol protocol : Protocol.values()) {
        batch.rule(
            "output", new PacketRule().to(resolver).toPorts(protocol, DNS_PORT, DNS_PORT).accept());
      }
    }
    for (AddressBlock never : NeverReached.BLOCKS) {
      batch.rule("output", new PacketRule().to(never).refuse());
    }
    for (Destination destination : listed) {
      AddressBlock place = (AddressBlock) destination.place();
      batch.rule(
          "output",
          new PacketRule()
              .to(place)
              .toPorts(destination.protocol(), destination.firstPort(), destination.lastPort())
              .accept());
    }
    batch.rule("output", anywhere ? new PacketRule().accept() : new PacketRule().refuse());
    return batch.end();
  }

  /** The messages so far; each has its number in the sequence. */
  private static final class Batch {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<byte[]> rules = new ArrayList<>();
    private int sequence;

    Batch() {
      add(NfTables.BATCH_BEGIN, 0, family(0, NfTables.NEW_TABLE >> 8));
      add(
          NfTables.NEW_TABLE,
          Netlink.CREATE,
          family(NfTables.FAMILY_INET, 0),
          Netlink.text(NfTables.TABLE_NAME, TABLE));
    }

    /** Drops what no rule of it accepts. */
    void chain(String name, int hook) {
      add(
          NfTables.NEW_CHAIN,
          Netlink.CREATE,
          family(NfTables.FAMILY_INET, 0),
          Netlink.text(NfTables.CHAIN_TABLE, TABLE),
          Netlink.text(NfTables.CHAIN_NAME, name),
          Netlink.nested(
              NfTables.CHAIN_HOOK,
              Netlink.number(NfTables.HOOK_NUMBER, hook),
              Netlink.number(NfTables.HOOK_PRIORITY, 0)),
          Netlink.number(NfTables.CHAIN_POLICY, NfTables.DROP),
          Netlink.text(NfTables.CHAIN_TYPE, "filter"));
    }

    void rule(String chain, PacketRule rule) {
      rules.add(
          Netlink.join(
              family(NfTables.FAMILY_INET, 0),
              Netlink.text(NfTables.RULE_TABLE, TABLE),
              Netlink.text(NfTables.RULE_CHAIN, chain),
              Netlink.attribute(NfTables.RULE_EXPRESSIONS | Netlink.NESTED, rule.expressions())));
    }

    PacketFilter end() {
      int append = Netlink.CREATE | Netlink.APPEND;
      for (byte[] rule : rules.subList(0, rules.size() - 1)) {
        add(NfTables.NEW_RULE, append, rule);
      }
      add(NfTables.NEW_RULE, append | Netlink.ACKNOWLEDGE, rules.get(rules.size() - 1));
      int last = sequence;
      add(NfTables.BATCH_END, 0, family(0, NfTables.NEW_TABLE >> 8));
      return new PacketFilter(out.toByteArray(), last);
    }

    private void add(int type, int flags, byte[]... parts) {
      sequence++;
      out.writeBytes(Netlink.message(type, Netlink.REQUEST | flags, sequence, parts));
    }

    /** struct nfgenmsg: the family, a version of 0, and a resource in network byte order. */
    private static byte[] family(int family, int resource) {
      return new byte[] {(byte) family, 0, (byte) (resource >> 8), (byte) resource};
    }
  }
}
