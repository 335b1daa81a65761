package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.Address;
import dev.caisson.policy.Destination;
import dev.caisson.policy.NeverReached;
import java.util.List;
import java.util.Optional;

/**
 * What a launch with a private network needs besides the policy.
 *
 * @param program pasta(1), which carries packets between the sandbox's network and the host's
 *     sockets; empty where the host has none
 * @param tunnelErrno why {@code /dev/net/tun} cannot be opened; 0 where it can
 * @param destinations what the policy lists, each with its address in place of its name; a name
 *     without an address is not among them
 */
public record Connection(
    Optional<UnixPath> program, int tunnelErrno, List<Destination> destinations) {
  /** For networks that are not private. */
  public static final Connection NONE = new Connection(Optional.empty(), 0, List.of());

  static final UnixPath TUNNEL = UnixPath.of("/dev/net/tun");

  /** Where names are asked for inside, if the policy lets them be asked for. */
  public static final Address RESOLVER = NeverReached.RESOLVER;

  public Connection {
    destinations = List.copyOf(destinations);
  }

  /** Not along PATH, which may hold directories of a checkout: it runs outside the sandbox. */
  private static final List<UnixPath> PROGRAMS =
      List.of(
          UnixPath.of("/usr/bin/pasta"),
          UnixPath.of("/usr/local/bin/pasta"),
          UnixPath.of("/bin/pasta"),
          UnixPath.of("/run/current-system/sw/bin/pasta"));

  /** With what this host has. */
  public static Connection to(List<Destination> destinations) {
    return new Connection(
        PROGRAMS.stream().filter(HostFiles::mayExecute).findFirst(), openTunnel(), destinations);
  }

  private static int openTunnel() {
    try (SystemCalls.Memory name = SystemCalls.string(TUNNEL)) {
      long result =
          SystemCalls.call(
              Syscall.OPENAT,
              FileCalls.AT_FDCWD,
              name.address(),
              Linux.O_RDWR | Linux.O_CLOEXEC,
              0);
      if (result < 0) {
        return (int) -result;
      }
      FileCalls.close((int) result);
      return 0;
    }
  }

  /** Whether a private network may reach {@code address} at all, whatever is listed. */
  public static boolean reaches(Address address) {
    return NeverReached.of(address).isEmpty();
  }
}
