package dev.caisson.engine.learn;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Address;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Egress;
import dev.caisson.policy.Network;
import dev.caisson.policy.NeverReached;
import dev.caisson.policy.Place;
import dev.caisson.policy.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The network of a learned policy: none, or the addresses that were reached, one by one. What only
 * the host's own network reaches needs that.
 */
final class LearnedNetwork {
  private static final int DNS = 53;
  private static final int MOST_LISTED = 200;

  private final NetworkLog log;
  private final Network network;
  private final List<String> notes = new ArrayList<>();
  private final JsonValue value;

  /**
   * @param network of the run
   * @param written the same as the policy of the run says it
   */
  LearnedNetwork(NetworkLog log, Network network, JsonValue written) {
    this.log = log;
    this.network = network;
    value = learn(written);
  }

  private JsonValue learn(JsonValue written) {
    boolean used = log.destinations().keySet().stream().anyMatch(to -> !ofItself(to));
    if (network instanceof Network.None || (!used && log.bound().isEmpty())) {
      if (used) {
        notes.add("not learned: any network, for the policy of the run gives none");
      }
      return JsonText.text("none");
    }
    if (network instanceof Network.Host && needsHost()) {
      return JsonText.text("host");
    }
    if (network instanceof Network.Private of && !of.published().isEmpty()) {
      notes.add("as a whole: network: ports are published, and which were used is not seen");
      return written;
    }
    return listed(written);
  }

  /** Whether it lies within the sandbox, whose loopback is its own. */
  private boolean ofItself(NetworkLog.Destination to) {
    return !(network instanceof Network.Host)
        && (to.address().isLoopback() || to.address().isAny());
  }

  private boolean needsHost() {
    for (NetworkLog.Destination to : log.destinations().keySet()) {
      if (to.address().isLoopback() || to.address().isAny()) {
        notes.add("as a whole: network: " + to + " is the host itself, which only host reaches");
        return true;
      }
    }
    for (NetworkLog.Destination at : log.bound()) {
      if (at.address().port() != 0 && !at.address().isLoopback()) {
        notes.add("as a whole: network: it waits at " + at + ", which only host reaches");
        return true;
      }
    }
    return false;
  }

  private JsonValue listed(JsonValue written) {
    if (log.tooMany() || log.destinations().size() > MOST_LISTED) {
      notes.add("as a whole: network: more places were reached than are told apart");
      return written;
    }
    List<JsonValue> egress = new ArrayList<>();
    Set<String> ports = new TreeSet<>();
    boolean names = false;
    for (NetworkLog.Destination to : log.destinations().keySet()) {
      boolean lookup = to.address().port() == DNS && mayLookUp();
      names |= lookup;
      if (lookup || ofItself(to) || !hasForm(to)) {
        continue;
      }
      for (Place place : places(to)) {
        if (ports.add(place + ":" + to.address().port() + "/" + to.protocol())) {
          egress.add(destination(place, to));
        }
      }
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("egress", JsonText.array(egress));
    if (names) {
      members.put("dns", JsonText.flag(true));
    }
    return JsonText.object(members);
  }

  private boolean mayLookUp() {
    return !(network instanceof Network.Private of) || of.dns();
  }

  /** Whether a list can name it at all. */
  private boolean hasForm(NetworkLog.Destination to) {
    if (NeverReached.of(Address.of(to.address().host().getAddress())).isPresent()) {
      notes.add("never learned: " + to + ", which no private network reaches");
      return false;
    }
    boolean known = to.protocol().equals("tcp") || to.protocol().equals("udp");
    if (!known || to.address().port() == 0) {
      notes.add("not learned: " + to + ", which no list can name");
      return false;
    }
    return true;
  }

  /** Its address; under a list that names hosts, each host that it may have been. */
  private List<Place> places(NetworkLog.Destination to) {
    Address address = Address.of(to.address().host().getAddress());
    Place exact = new Place.AddressBlock(address, address.bits());
    if (!(network instanceof Network.Private of) || !(of.egress() instanceof Egress.Listed list)) {
      return List.of(exact);
    }
    List<Place> hosts = new ArrayList<>();
    for (Destination listed : list.destinations()) {
      if (isAt(listed, to) && listed.place().covers(exact)) {
        return List.of(exact);
      }
      if (isAt(listed, to) && listed.place() instanceof Place.HostName) {
        hosts.add(listed.place());
      }
    }
    if (hosts.isEmpty()) {
      notes.add("not learned: " + to + ", which the policy of the run does not list");
    }
    return hosts;
  }

  private static boolean isAt(Destination listed, NetworkLog.Destination to) {
    int port = to.address().port();
    boolean same = listed.protocol() == (to.protocol().equals("tcp") ? Protocol.TCP : Protocol.UDP);
    return same && port >= listed.firstPort() && port <= listed.lastPort();
  }

  private static JsonValue destination(Place place, NetworkLog.Destination to) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (place instanceof Place.AddressBlock block) {
      members.put("cidr", JsonText.text(block.text()));
    } else {
      members.put("host", JsonText.text(place.toString()));
    }
    members.put("port", JsonText.number(to.address().port()));
    members.put("protocol", JsonText.text(to.protocol()));
    return JsonText.object(members);
  }

  JsonValue value() {
    return value;
  }

  List<String> notes() {
    return notes;
  }
}
