package dev.caisson.policy;

import java.util.Optional;

/**
 * A port of the host that leads to one inside.
 *
 * @param hostAddress the address of the host that it is open on; empty for all of them
 */
public record PublishedPort(
    Optional<Address> hostAddress, int hostPort, int insidePort, Protocol protocol) {
  private static final Address LOOPBACK = Address.of(new byte[] {127, 0, 0, 1});

  /**
   * Reads {@code [ADDRESS:]PORT:INSIDE}, as Docker's flags write it, and {@code /udp} where it is
   * not TCP. Without an address it is open to the host alone, and not to its network.
   */
  public static Optional<PublishedPort> parse(String text) {
    Optional<Protocol> protocol = Protocol.ofSuffix(text);
    String rest = Protocol.withoutSuffix(text);
    int inside = rest.lastIndexOf(':');
    int outside = inside < 0 ? -1 : rest.lastIndexOf(':', inside - 1);
    if (protocol.isEmpty() || inside < 0) {
      return Optional.empty();
    }
    Optional<Address> address =
        outside < 0 ? Optional.of(LOOPBACK) : PortReader.address(rest.substring(0, outside));
    int hostPort = Numbers.decimal(rest.substring(outside + 1, inside), Destination.LAST_PORT);
    int insidePort = Numbers.decimal(rest.substring(inside + 1), Destination.LAST_PORT);
    return address.isEmpty() || hostPort < 1 || insidePort < 1
        ? Optional.empty()
        : Optional.of(new PublishedPort(address, hostPort, insidePort, protocol.get()));
  }

  /** As messages name it: {@code 127.0.0.1:8080 to 80/tcp}. */
  @Override
  public String toString() {
    return host() + " to " + insidePort + "/" + Words.of(protocol);
  }

  /** The host's end as a policy writes it. */
  String host() {
    return hostAddress.map(a -> (a.isIpv6() ? "[" + a + "]" : a.toString()) + ":").orElse("")
        + hostPort;
  }
}
