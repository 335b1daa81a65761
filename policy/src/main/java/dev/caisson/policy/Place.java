package dev.caisson.policy;

/** Hosts that a sandbox may reach. */
public sealed interface Place permits Place.HostName, Place.AddressBlock {
  /** Whether every host of {@code other} surely is one of these. */
  boolean covers(Place other);

  /** The hosts behind a name of the DNS, in lower case and without a dot at its end. */
  record HostName(String name) implements Place {
    @Override
    public boolean covers(Place other) {
      return equals(other);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The addresses that start with the same bits.
   *
   * @param first the lowest of them: no bit behind the prefix is set
   * @param prefix how many bits they share
   */
  record AddressBlock(Address first, int prefix) implements Place {
    public AddressBlock {
      if (prefix < 0 || prefix > first.bits() || !first.startOf(prefix).equals(first)) {
        throw new IllegalArgumentException("no address block: " + first + "/" + prefix);
      }
    }

    public boolean contains(Address address) {
      return address.bits() == first.bits() && address.startOf(prefix).equals(first);
    }

    @Override
    public boolean covers(Place other) {
      return other instanceof AddressBlock block && block.prefix >= prefix && contains(block.first);
    }

    /** As a policy writes it. */
    public String text() {
      return first + "/" + prefix;
    }

    @Override
    public String toString() {
      return first.isIpv6() ? "[" + text() + "]" : text();
    }
  }
}
