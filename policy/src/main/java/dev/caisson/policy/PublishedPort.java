package dev.caisson.policy;

import java.util.Optional;

/**
 * A port of the host that leads to one inside.
 *
 * @param hostAddress the address of the host that it is open on; empty for all of them
 */
public record PublishedPort(
    Optional<Address> hostAddress, int hostPort, int insidePort, Protocol protocol) {
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
