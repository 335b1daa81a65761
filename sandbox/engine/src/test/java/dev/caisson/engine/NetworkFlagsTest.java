package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Destination;
import dev.caisson.policy.Egress;
import dev.caisson.policy.Network;
import dev.caisson.policy.PublishedPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What flags make of a policy's network. */
class NetworkFlagsTest {
  private static final Network NONE = new Network.None();
  private static final Network HOST = new Network.Host();
  private static final Network ANYWHERE =
      new Network.Private(new Egress.Anywhere(), true, List.of());
  private static final Destination WEB = Destination.parse("files.test:443").orElseThrow();
  private static final Destination TIME = Destination.parse("192.0.2.1:123/udp").orElseThrow();
  private static final PublishedPort PORT = PublishedPort.parse("8080:80").orElseThrow();
  private static final PublishedPort OTHER = PublishedPort.parse("[::1]:8081:81/udp").orElseThrow();

  @Test
  void aWordReplacesThePolicys() {
    assertEquals(NONE, flags(Optional.of(NONE), List.of(), List.of()).over(HOST));
    assertEquals(HOST, NetworkFlags.NONE.over(HOST));
  }

  @Test
  void aPortAloneReachesNothing() {
    assertEquals(
        new Network.Private(new Egress.Listed(List.of()), false, List.of(PORT)),
        flags(Optional.empty(), List.of(), List.of(PORT)).over(NONE));
  }

  @Test
  void portsAreAddedToThePolicys() {
    Network policy = new Network.Private(new Egress.Anywhere(), true, List.of(PORT));

    assertEquals(
        new Network.Private(new Egress.Anywhere(), true, List.of(PORT, OTHER)),
        flags(Optional.empty(), List.of(), List.of(OTHER)).over(policy));
  }

  @Test
  void aListReplacesThePolicys() {
    Network listed = new Network.Private(new Egress.Listed(List.of(TIME)), true, List.of(PORT));

    assertEquals(
        new Network.Private(new Egress.Listed(List.of(WEB)), true, List.of(PORT)),
        flags(Optional.empty(), List.of(WEB), List.of()).over(listed));
    assertEquals(
        new Network.Private(new Egress.Listed(List.of(WEB)), false, List.of()),
        flags(Optional.of(ANYWHERE), List.of(WEB), List.of()).over(NONE),
        "with a list, names are not looked up unless the policy says so");
  }

  @Test
  void theHostsNetworkHasNoList() {
    EngineRefusal refusal =
        assertThrows(
            EngineRefusal.class,
            () -> flags(Optional.of(HOST), List.of(WEB), List.of()).over(NONE));

    assertTrue(refusal.remedy().contains("--network private"), refusal::remedy);
  }

  private static NetworkFlags flags(
      Optional<Network> network, List<Destination> egress, List<PublishedPort> published) {
    return new NetworkFlags(network, egress, published);
  }
}
