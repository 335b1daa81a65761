package dev.caisson.engine.learn;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whom a run talked to over the network. */
final class NetworkLog {
  /** More destinations than this are not told apart. */
  static final int MOST = 256;

  /**
   * A place that was connected or sent to.
   *
   * @param protocol tcp or udp, or another where it is neither
   */
  record Destination(SocketAddress.Internet address, String protocol)
      implements Comparable<Destination> {
    @Override
    public int compareTo(Destination other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return address + "/" + protocol;
    }
  }

  private final Map<Destination, Long> destinations = new TreeMap<>();
  private final Set<Destination> bound = new TreeSet<>();
  private boolean tooMany;

  void reached(Destination destination) {
    if (destinations.containsKey(destination) || destinations.size() < MOST) {
      destinations.merge(destination, 1L, Long::sum);
    } else {
      tooMany = true;
    }
  }

  void bound(Destination own) {
    if (bound.size() < MOST) {
      bound.add(own);
    }
  }

  /** How often each. */
  Map<Destination, Long> destinations() {
    return destinations;
  }

  /** Addresses of its own that it listened or waited at. */
  Set<Destination> bound() {
    return bound;
  }

  boolean tooMany() {
    return tooMany;
  }
}
