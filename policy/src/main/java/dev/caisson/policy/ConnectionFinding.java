package dev.caisson.policy;

import dev.caisson.policy.Expectation.Connection;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.seccomp.ConditionValue;
import java.util.Map;
import java.util.Optional;

/** What a TCP connection from inside meets. */
public final class ConnectionFinding {
  private static final long AF_INET = 2;
  private static final long AF_INET6 = 10;
  private static final String LOCALHOST = "localhost";

  private static final int DNS_PORT = 53;

  private final Connection connection;

  /** To which the kernel connects. */
  private final Optional<Address> address;

  private final boolean loopback;

  private ConnectionFinding(Connection connection) {
    this.connection = connection;
    address = connection.address().map(Address::unmapped);
    // Linux takes the address of no host for the loopback's
    loopback =
        address
            .map(to -> to.isLoopback() || to.isUnspecified())
            .orElse(connection.host().equals(LOCALHOST));
  }

  public static Finding of(Connection connection, EffectivePolicy policy, HostFacts host) {
    boolean six = connection.address().filter(Address::isIpv6).isPresent();
    Map<String, ConditionValue> family = Map.of("0", ConditionValue.of(six ? AF_INET6 : AF_INET));
    // where there is a socketcall, it makes both
    boolean filtered =
        CallFinding.isNever("socketcall", Map.of(), policy, host)
            && (CallFinding.isNever("socket", family, policy, host)
                || CallFinding.isNever("connect", Map.of(), policy, host));
    return filtered
        ? Finding.denied("the seccomp filter lets no such socket be made or connected")
        : new ConnectionFinding(connection).by(policy.network());
  }

  private Finding by(Network network) {
    if (network instanceof Network.Host host) {
      return host.egress().isEmpty()
          ? Finding.allowed("the host's network is open")
          : by(new Egress.Listed(host.egress().get()));
    }
    if (loopback) {
      return Finding.there("the sandbox has a loopback of its own; what listens inside decides");
    }
    if (network instanceof Network.None) {
      return Finding.denied("the sandbox has no network");
    }
    Network.Private own = (Network.Private) network;
    if (own.dns()
        && connection.port() == DNS_PORT
        && address.equals(Optional.of(NeverReached.RESOLVER))) {
      return Finding.allowed("the policy lets names be asked for there");
    }
    Optional<AddressBlock> never = address.flatMap(NeverReached::of);
    return never.isPresent()
        ? Finding.denied("no private network reaches " + never.get().text())
        : by(own.egress());
  }

  private Finding by(Egress egress) {
    if (!(egress instanceof Egress.Listed listed)) {
      return address.isPresent()
          ? Finding.allowed("the policy lets connections out")
          : Finding.there("the addresses of the name decide: some are never reached");
    }
    Finding found = Finding.denied("the policy lists no such destination");
    for (Destination destination : listed.destinations()) {
      boolean port =
          destination.protocol() == Protocol.TCP
              && destination.firstPort() <= connection.port()
              && connection.port() <= destination.lastPort();
      Optional<Boolean> same = port ? isAmong(destination.place()) : Optional.of(false);
      if (same.isEmpty()) {
        found = Finding.unknown("the addresses of a name decide: " + destination);
      } else if (same.get()) {
        return Finding.allowed(
            "the policy lists " + destination + ", at the addresses of the launch");
      }
    }
    return found;
  }

  /** Empty where the addresses of a name decide. */
  private Optional<Boolean> isAmong(Place place) {
    if (address.isPresent()) {
      return place instanceof AddressBlock block
          ? Optional.of(block.contains(address.get()))
          : Optional.empty();
    }
    return place instanceof Place.HostName name
        ? Optional.of(name.name().equalsIgnoreCase(connection.host()))
        : Optional.empty();
  }
}
