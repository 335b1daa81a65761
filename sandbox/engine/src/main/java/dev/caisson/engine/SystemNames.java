package dev.caisson.engine;

import dev.caisson.policy.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Names as every program of the host finds them (getaddrinfo(3)). */
final class SystemNames implements PrivateNetwork.Names {
  @Override
  public List<Address> addresses(String name) {
    List<Address> found = new ArrayList<>();
    try {
      for (InetAddress address : InetAddress.getAllByName(name)) {
        found.add(Address.of(address.getAddress()));
      }
    } catch (UnknownHostException e) {
      // said for every name that has no address
      return List.of();
    }
    return found;
  }
}
