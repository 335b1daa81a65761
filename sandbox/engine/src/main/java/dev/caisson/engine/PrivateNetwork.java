package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Connection;
import dev.caisson.policy.Address;
import dev.caisson.policy.Destination;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Egress;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Network;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Place.HostName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a private network ready: looks the names of the egress list up. Their addresses are fixed
 * from then on: the filter lets these through, and /etc/hosts inside names them.
 */
final class PrivateNetwork {
  private static final UnixPath HOSTS = UnixPath.of("/etc/hosts");
  private static final UnixPath RESOLVER = UnixPath.of("/etc/resolv.conf");
  private static final String LOOPBACK = "127.0.0.1 localhost\n::1 localhost\n";

  private final Names names;
  private final boolean compiled;
  private final Map<String, Set<Address>> addresses = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** Looks names up. */
  interface Names {
    /** The addresses of {@code name} now; none where it has none. */
    List<Address> addresses(String name);
  }

  /**
   * What a launch goes on with.
   *
   * @param policy with the names' addresses in its view
   */
  record Ready(EffectivePolicy policy, Connection connection, List<String> notes) {}

  PrivateNetwork(Names names, boolean compiled) {
    this.names = names;
    this.compiled = compiled;
  }

  /** Makes {@code policy} ready, which changes nothing where its network is not private. */
  Ready connect(EffectivePolicy policy) {
    if (!(policy.network() instanceof Network.Private wanted)) {
      return new Ready(policy, Connection.NONE, List.of());
    }
    List<Destination> listed =
        wanted.egress() instanceof Egress.Listed list ? resolve(list) : List.of();
    List<Mount> mounts = new ArrayList<>(policy.filesystem());
    placeHosts(mounts);
    if (wanted.dns()) {
      String text = "nameserver " + Connection.RESOLVER + "\n";
      place(mounts, new Mount.TextFile(RESOLVER, text));
    }
    // stable, so that what was placed last at the same depth stays last
    mounts.sort(Comparator.comparingInt(mount -> mount.target().components().size()));
    return new Ready(policy.withFilesystem(mounts), Connection.to(listed), List.copyOf(notes));
  }

  private List<Destination> resolve(Egress.Listed list) {
    Set<Destination> resolved = new LinkedHashSet<>();
    for (Destination destination : list.destinations()) {
      if (destination.place() instanceof HostName host) {
        for (Address address : addresses.computeIfAbsent(host.name(), this::lookUp)) {
          resolved.add(
              new Destination(
                  new AddressBlock(address, address.bits()),
                  destination.firstPort(),
                  destination.lastPort(),
                  destination.protocol()));
        }
      } else {
        resolved.add(destination);
      }
    }
    if (compiled && !addresses.isEmpty()) {
      notes.add(
          "the addresses of "
              + String.join(", ", addresses.keySet())
              + " are those of now, for every run of this file; compile it again when they change");
    }
    return List.copyOf(resolved);
  }

  /** A name without an address is no reason to refuse: nothing is reached under it. */
  private Set<Address> lookUp(String name) {
    Set<Address> found = new LinkedHashSet<>();
    List<Address> all = names.addresses(name);
    for (Address address : all) {
      if (Connection.reaches(address)) {
        found.add(address);
      } else {
        notes.add(name + " is at " + address + ", which a private network never reaches");
      }
    }
    if (all.isEmpty()) {
      notes.add(name + " has no address now: nothing is reached under that name");
    }
    return found;
  }

  private void placeHosts(List<Mount> mounts) {
    StringBuilder lines = new StringBuilder();
    addresses.forEach(
        (name, all) ->
            all.forEach(address -> lines.append(address).append(' ').append(name).append('\n')));
    if (lines.isEmpty()) {
      return;
    }
    Optional<Mount> present =
        mounts.stream().filter(mount -> mount.target().equals(HOSTS)).findFirst();
    if (present.isEmpty()) {
      place(mounts, new Mount.TextFile(HOSTS, LOOPBACK + lines));
    } else if (present.get() instanceof Mount.TextFile hosts) {
      place(mounts, new Mount.TextFile(HOSTS, hosts.text() + lines));
    } else {
      notes.add("the policy places " + HOSTS + " itself: the egress list's names are not in it");
    }
  }

  private static void place(List<Mount> mounts, Mount mount) {
    mounts.removeIf(other -> other.target().equals(mount.target()));
    mounts.add(mount);
  }
}
