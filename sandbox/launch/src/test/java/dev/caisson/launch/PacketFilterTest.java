package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.policy.Address;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Protocol;
import dev.caisson.policy.PublishedPort;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Packet filters as bytes, in words, and as nft(8) reads them out of the kernel. */
class PacketFilterTest {
  private static final Path NFT = Path.of("/usr/sbin/nft");

  private static final PublishedPort PUBLISHED =
      new PublishedPort(Optional.empty(), 8080, 80, Protocol.TCP);

  private static final List<Destination> LISTED =
      List.of(
          to("198.51.100.7", 32, 443, 443, Protocol.TCP),
          to("203.0.113.128", 25, 8000, 8010, Protocol.TCP),
          to("10.0.0.0", 8, 1, 65535, Protocol.UDP),
          to("2001:db8::", 33, 53, 53, Protocol.UDP));

  private static final String NEVER =
      """
      output: refuse to 0.0.0.0/8
      output: refuse to 127.0.0.0/8
      output: refuse to 169.254.0.0/16
      output: refuse to 100.100.100.200
      output: refuse to 168.63.129.16
      output: refuse to ::/127
      output: refuse to ::ffff:0:0/96
      output: refuse to fe80::/10
      output: refuse to fd00:ec2::254
      output: refuse to fd20:ce::254
      """;

  private static Destination to(
      String start, int prefix, int firstPort, int lastPort, Protocol protocol) {
    Address first = Address.parse(start).orElseThrow();
    return new Destination(new AddressBlock(first, prefix), firstPort, lastPort, protocol);
  }

  @Test
  void aListIsFollowedByARefusal() {
    assertEquals(
        """
        output: drop what no rule decides
        input: drop what no rule decides
        forward: drop what no rule decides
        input: accept from loopback
        input: accept answers of connections that were let through
        input: accept icmpv6 types 133 to 136
        input: accept tcp port 80
        output: accept to loopback
        output: accept answers of connections that were let through
        output: accept icmpv6 types 133 to 136
        """
            + NEVER
            + """
            output: accept to 198.51.100.7 tcp port 443
            output: accept to 203.0.113.128/25 tcp ports 8000 to 8010
            output: accept to 10.0.0.0/8 udp
            output: accept to 2001:db8::/33 udp port 53
            output: refuse everything
            """,
        words(PacketFilter.of(false, LISTED, false, List.of(PUBLISHED))));
  }

  @Test
  void anywhereIsNotTheLinkNorTheHost() {
    String words = words(PacketFilter.of(true, List.of(), true, List.of()));

    assertTrue(
        words.endsWith(
            "output: accept to 169.254.1.1 tcp port 53\n"
                + "output: accept to 169.254.1.1 udp port 53\n"
                + NEVER
                + "output: accept everything\n"),
        words);
  }

  @Property(tries = 200)
  void eachDestinationIsReadBackAndNoOther(@ForAll long seed) {
    Random random = new Random(seed);
    List<Destination> listed = new ArrayList<>();
    for (int i = random.nextInt(20); i >= 0; i--) {
      listed.add(random(random));
    }

    List<String> words =
        PacketFilterText.of(PacketFilter.of(false, listed, false, List.of()).batch());

    int first = words.size() - 1 - listed.size();
    assertEquals("output: refuse to fd20:ce::254", words.get(first - 1));
    for (int i = 0; i < listed.size(); i++) {
      assertEquals("output: accept " + words(listed.get(i)), words.get(first + i));
    }
    assertEquals("output: refuse everything", words.get(words.size() - 1));
  }

  private static Destination random(Random random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    Address address = Address.of(bytes);
    int prefix = 1 + random.nextInt(address.bits());
    int port = 1 + random.nextInt(65534);
    return new Destination(
        new AddressBlock(address.startOf(prefix), prefix),
        port,
        random.nextBoolean() ? port : port + 1 + random.nextInt(65535 - port),
        random.nextBoolean() ? Protocol.TCP : Protocol.UDP);
  }

  private static String words(PacketFilter filter) {
    return String.join("\n", PacketFilterText.of(filter.batch())) + "\n";
  }

  private static String words(Destination destination) {
    AddressBlock block = (AddressBlock) destination.place();
    String place = block.prefix() == block.first().bits() ? block.first().toString() : block.text();
    String protocol = destination.protocol() == Protocol.TCP ? " tcp" : " udp";
    String ports =
        destination.firstPort() == destination.lastPort()
            ? " port " + destination.firstPort()
            : destination.firstPort() == 1 && destination.lastPort() == 65535
                ? ""
                : " ports " + destination.firstPort() + " to " + destination.lastPort();
    return "to " + place + protocol + ports;
  }

  @Test
  void theKernelHoldsWhatWasMeant() {
    String rules = inKernel(PacketFilter.of(false, LISTED, true, List.of(PUBLISHED))).text();

    assertTrue(rules.contains(lines(OUTPUT)), rules);
    assertTrue(rules.contains(lines(INPUT)), rules);
  }

  private static final String OUTPUT =
      """
      type filter hook output priority filter; policy drop;
      oif "lo" accept
      ct state established,related accept
      icmpv6 type 133-136 accept
      ip daddr 169.254.1.1 tcp dport 53 accept
      ip daddr 169.254.1.1 udp dport 53 accept
      ip daddr 0.0.0.0/8 reject with icmpx admin-prohibited
      ip daddr 127.0.0.0/8 reject with icmpx admin-prohibited
      ip daddr 169.254.0.0/16 reject with icmpx admin-prohibited
      ip daddr 100.100.100.200 reject with icmpx admin-prohibited
      ip daddr 168.63.129.16 reject with icmpx admin-prohibited
      ip6 daddr ::/127 reject with icmpx admin-prohibited
      ip6 daddr ::ffff:0.0.0.0/96 reject with icmpx admin-prohibited
      ip6 daddr fe80::/10 reject with icmpx admin-prohibited
      ip6 daddr fd00:ec2::254 reject with icmpx admin-prohibited
      ip6 daddr fd20:ce::254 reject with icmpx admin-prohibited
      ip daddr 198.51.100.7 tcp dport 443 accept
      ip daddr 203.0.113.128/25 tcp dport 8000-8010 accept
      ip daddr 10.0.0.0/8 meta l4proto udp accept
      ip6 daddr 2001:db8::/33 udp dport 53 accept
      reject with icmpx admin-prohibited
      """;

  private static final String INPUT =
      """
      type filter hook input priority filter; policy drop;
      iif "lo" accept
      ct state established,related accept
      icmpv6 type 133-136 accept
      tcp dport 80 accept
      """;

  /** As nft indents them. */
  private static String lines(String rules) {
    return "\t\t" + rules.strip().replace("\n", "\n\t\t") + "\n";
  }

  @Test
  void whatTheKernelRefusesIsAFailure() {
    PacketFilter filter = PacketFilter.of(false, LISTED, false, List.of());
    byte[] batch =
        new String(filter.batch(), StandardCharsets.ISO_8859_1)
            .replace("payload", "pay-loa")
            .getBytes(StandardCharsets.ISO_8859_1);

    Machine.Outcome outcome = inKernel(new PacketFilter(batch, filter.last()));

    assertFalse(outcome.text().contains("caisson"), outcome.text());
    assertEquals(Errno.ENOENT.number(), outcome.status());
  }

  @Test
  void anAnswerToAnotherMessageIsAFailure() {
    PacketFilter filter = PacketFilter.of(false, LISTED, false, List.of());

    assertEquals(200, inKernel(new PacketFilter(filter.batch(), filter.last() + 1)).status());
  }

  /**
   * The filter in a network namespace of its own, as nft lists it; or the errno of a failure, 200
   * for a failure without one.
   */
  private static Machine.Outcome inKernel(PacketFilter filter) {
    boolean listable = Files.isExecutable(NFT);
    assertTrue(listable || !"true".equals(System.getenv("CI")), "nft is not installed");
    assumeTrue(listable, "nft is not installed");
    ProgramBuilder b = new ProgramBuilder(Architecture.current());
    ProgramBuilder.Label failed = b.label();
    ProgramBuilder.Label unnamed = b.label();
    Operand.Slot errno = new Operand.Slot(LaunchProgram.ERRNO_SLOT);
    b.onFailure(failed);
    b.call(Syscall.UNSHARE, Operand.of(Linux.CLONE_NEWUSER | Linux.CLONE_NEWNET));
    write(b, "/proc/self/setgroups", "deny");
    write(b, "/proc/self/uid_map", "0 " + SystemCalls.call(Syscall.GETUID) + " 1");
    new PacketFilterSteps(b).install(filter);
    long[] words = {b.text("nft").value(), b.text("list").value(), b.text("ruleset").value(), 0};
    b.call(Syscall.EXECVE, b.text(NFT.toString()), b.words(words), b.words(0));
    b.place(failed);
    b.jumpIfEqual(errno, Operand.of(0), unnamed);
    b.call(Syscall.EXIT_GROUP, errno);
    b.place(unnamed);
    b.call(Syscall.EXIT_GROUP, Operand.of(200));
    return Machine.run(b.build());
  }

  private static void write(ProgramBuilder b, String path, String text) {
    Operand.Slot file = b.slot();
    b.call(Syscall.OPENAT, Linux.AT_FDCWD, b.text(path), Operand.of(Linux.O_WRONLY)).into(file);
    b.call(Syscall.WRITE, file, b.text(text), Operand.of(text.length()));
  }
}
