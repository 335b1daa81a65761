package dev.caisson.engine;

import dev.caisson.policy.Destination;
import dev.caisson.policy.Egress;
import dev.caisson.policy.Network;
import dev.caisson.policy.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What flags say of the network.
 *
 * @param network in place of the policy's
 * @param egress in place of what that network may reach; none where no flag says
 * @param published ports beside those of that network
 */
public record NetworkFlags(
    Optional<Network> network, List<Destination> egress, List<PublishedPort> published) {
  /** No flag was given. */
  public static final NetworkFlags NONE = new NetworkFlags(Optional.empty(), List.of(), List.of());

  private static final Network.Private UNREACHING =
      new Network.Private(new Egress.Listed(List.of()), false, List.of());

  public NetworkFlags {
    egress = List.copyOf(egress);
    published = List.copyOf(published);
  }

  /**
   * The network that the flags make of {@code policy}'s. What is listed or published makes a
   * private network of none, which has nothing else.
   */
  Network over(Network policy) {
    Network base = network.orElse(policy);
    if (egress.isEmpty() && published.isEmpty()) {
      return base;
    }
    if (base instanceof Network.Host) {
      throw new EngineRefusal(
          "list what the network reaches, or publish a port of it",
          "the network is the host's, all of which is open",
          "Use --network private");
    }
    Network.Private wanted = base instanceof Network.Private given ? given : UNREACHING;
    List<PublishedPort> ports = new ArrayList<>(wanted.published());
    ports.addAll(published);
    if (egress.isEmpty()) {
      return new Network.Private(wanted.egress(), wanted.dns(), ports);
    }
    // a list closes the way out that looking up any name would be, unless the policy wants it
    boolean dns = wanted.dns() && wanted.egress() instanceof Egress.Listed;
    return new Network.Private(new Egress.Listed(egress), dns, ports);
  }
}
