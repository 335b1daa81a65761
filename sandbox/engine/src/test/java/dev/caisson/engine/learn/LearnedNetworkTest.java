package dev.caisson.engine.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Address;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Egress;
import dev.caisson.policy.Network;
import dev.caisson.policy.Place;
import dev.caisson.policy.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnedNetworkTest {
  private static final JsonValue WRITTEN = JsonText.text("as written");
  private final NetworkLog log = new NetworkLog();

  private LearnedNetworkTest reached(String host, int port, String protocol)
      throws UnknownHostException {
    log.reached(destination(host, port, protocol));
    return this;
  }

  private static NetworkLog.Destination destination(String host, int port, String protocol)
      throws UnknownHostException {
    return new NetworkLog.Destination(
        new SocketAddress.Internet(InetAddress.getByName(host), port), protocol);
  }

  private String learned(Network network) {
    return JsonText.line(new LearnedNetwork(log, network, WRITTEN).value());
  }

  private static Network privately(Destination... listed) {
    return new Network.Private(new Egress.Listed(List.of(listed)), false, List.of());
  }

  @Test
  void nothingIsNothing() {
    assertEquals("\"none\"", learned(new Network.Host()));
    assertEquals("\"none\"", learned(new Network.None()));
  }

  @Test
  void withoutANetworkNoneIsLearned() throws UnknownHostException {
    reached("192.0.2.7", 443, "tcp");
    assertEquals("\"none\"", learned(new Network.None()));
  }

  @Test
  void ofTheHostsNetworkOnlyWhatWasReached() throws UnknownHostException {
    reached("192.0.2.7", 443, "tcp").reached("192.0.2.1", 53, "udp").reached("::2", 80, "tcp");
    assertEquals(
        "{\"egress\":[{\"cidr\":\"192.0.2.7/32\",\"port\":443,\"protocol\":\"tcp\"},"
            + "{\"cidr\":\"::2/128\",\"port\":80,\"protocol\":\"tcp\"}],\"dns\":true}",
        learned(new Network.Host()));
  }

  @Test
  void theHostItselfNeedsItsNetwork() throws UnknownHostException {
    reached("127.0.0.1", 5432, "tcp");
    assertEquals("\"host\"", learned(new Network.Host()));
    assertEquals("\"none\"", learned(new Network.Private(new Egress.Anywhere(), true, List.of())));
  }

  @Test
  void theMetadataAddressIsNeverLearned() throws UnknownHostException {
    reached("169.254.169.254", 80, "tcp").reached("168.63.129.16", 80, "tcp");
    LearnedNetwork network = new LearnedNetwork(log, new Network.Host(), WRITTEN);
    assertEquals("{\"egress\":[]}", JsonText.line(network.value()));
    assertEquals(
        List.of(
            "never learned: 168.63.129.16:80/tcp, which no private network reaches",
            "never learned: 169.254.169.254:80/tcp, which no private network reaches"),
        network.notes());
  }

  @Test
  void ofAListWhatWasUsedOfIt() throws UnknownHostException {
    Address ten = Address.of(new byte[] {10, 0, 0, 0});
    Destination block = new Destination(new Place.AddressBlock(ten, 8), 1, 1000, Protocol.TCP);
    Destination named = new Destination(new Place.HostName("example.test"), 443, 443, Protocol.TCP);
    reached("10.1.2.3", 80, "tcp").reached("10.1.2.3", 80, "udp").reached("192.0.2.9", 443, "tcp");
    assertEquals(
        "{\"egress\":[{\"cidr\":\"10.1.2.3/32\",\"port\":80,\"protocol\":\"tcp\"},"
            + "{\"host\":\"example.test\",\"port\":443,\"protocol\":\"tcp\"}]}",
        learned(privately(block, named)));
    assertEquals("{\"egress\":[]}", learned(privately()));
  }
}
