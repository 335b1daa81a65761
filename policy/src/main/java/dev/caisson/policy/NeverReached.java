package dev.caisson.policy;

import dev.caisson.policy.Place.AddressBlock;
import java.util.List;
import java.util.Optional;

/**
 * What no private network reaches, whatever a policy lists: the host's loopback, the link, with the
 * metadata service that clouds keep there, and where clouds keep it elsewhere.
 */
public final class NeverReached {
  /** IPv6 addresses that stand for IPv4 ones are on it, since the kernel sends to the latter. */
  public static final List<AddressBlock> BLOCKS =
      List.of(
          block(4, 8, 0),
          block(4, 8, 127),
          block(4, 16, 169, 254),
          block(4, 32, 100, 100, 100, 200),
          block(4, 32, 168, 63, 129, 16),
          block(16, 127, 0),
          block(16, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff),
          block(16, 10, 0xfe, 0x80),
          block(16, 128, 0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54),
          block(16, 128, 0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54));

  /** But where names are asked for, if they may be. Nothing else has this address (RFC 3927). */
  public static final Address RESOLVER = Address.of(new byte[] {(byte) 169, (byte) 254, 1, 1});

  private NeverReached() {}

  /** The block for which no host of {@code place} is reached. */
  public static Optional<AddressBlock> of(Place place) {
    return BLOCKS.stream().filter(never -> never.covers(place)).findFirst();
  }

  /** The block for which {@code address} is not reached. */
  public static Optional<AddressBlock> of(Address address) {
    return of(new AddressBlock(address, address.bits()));
  }

  private static AddressBlock block(int length, int prefix, int... start) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < start.length; i++) {
      bytes[i] = (byte) start[i];
    }
    return new AddressBlock(Address.of(bytes), prefix);
  }
}
