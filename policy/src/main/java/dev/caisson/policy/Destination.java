package dev.caisson.policy;

import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Place.HostName;
import java.util.Locale;
import java.util.Optional;

/**
 * Somewhere that may be reached.
 *
 * @param firstPort the lowest port, at least 1
 * @param lastPort the highest port, at most {@link #LAST_PORT}
 */
public record Destination(Place place, int firstPort, int lastPort, Protocol protocol) {
  /** The highest port there is. */
  public static final int LAST_PORT = 65535;

  /**
   * Reads {@code PLACE:PORTS}: a host's name, an IPv4 address or an IPv6 address in brackets, a
   * port or a range of them as {@code 8000-8010}, and {@code /udp} where it is not TCP.
   */
  public static Optional<Destination> parse(String text) {
    Optional<Protocol> protocol = Protocol.ofSuffix(text);
    String rest = Protocol.withoutSuffix(text);
    int colon = rest.lastIndexOf(':');
    if (protocol.isEmpty() || colon < 0) {
      return Optional.empty();
    }
    String ports = rest.substring(colon + 1);
    int dash = ports.indexOf('-');
    int first = Numbers.decimal(dash < 0 ? ports : ports.substring(0, dash), LAST_PORT);
    int last = dash < 0 ? first : Numbers.decimal(ports.substring(dash + 1), LAST_PORT);
    return first < 1 || last < first
        ? Optional.empty()
        : place(rest.substring(0, colon))
            .map(place -> new Destination(place, first, last, protocol.get()));
  }

  private static Optional<Place> place(String text) {
    Optional<Address> address = PortReader.address(text);
    if (address.isPresent()) {
      return address.map(known -> new AddressBlock(known, known.bits()));
    }
    String name = text.toLowerCase(Locale.ROOT);
    return DestinationReader.isHostName(name) ? Optional.of(new HostName(name)) : Optional.empty();
  }

  /** As messages name it: {@code example.test:443/tcp}. */
  @Override
  public String toString() {
    String ports =
        firstPort == 1 && lastPort == LAST_PORT
            ? "*"
            : firstPort == lastPort ? Integer.toString(firstPort) : firstPort + "-" + lastPort;
    return place + ":" + ports + "/" + Words.of(protocol);
  }
}
