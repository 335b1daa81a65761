package dev.caisson.policy;

import java.util.List;
import java.util.Optional;

/** Which network the payload sees. */
public sealed interface Network permits Network.None, Network.Host, Network.Private {
  /** A namespace of its own with nothing but loopback. */
  record None() implements Network {}

  /**
   * The caller's.
   *
   * @param egress all that its programs may connect to, addresses and TCP alone; empty for anything
   */
  record Host(Optional<List<Destination>> egress) implements Network {
    public Host {
      egress = egress.map(List::copyOf);
    }

    /** All of it. */
    public Host() {
      this(Optional.empty());
    }
  }

  /**
   * A namespace of its own, from which the host's network is reached through a relay. The host's
   * loopback and link-local addresses are never reached.
   *
   * @param egress what may be reached
   * @param dns whether names can be looked up
   * @param published ports of the host that lead inside
   */
  record Private(Egress egress, boolean dns, List<PublishedPort> published) implements Network {
    public Private {
      published = List.copyOf(published);
    }
  }
}
