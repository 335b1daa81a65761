package dev.caisson.engine;

import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.CallerSocket;
import dev.caisson.launch.Errno;
import dev.caisson.launch.Notification;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.policy.Address;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Place;
import dev.caisson.policy.seccomp.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Connects the programs of a sandbox that sees the host's network to the listed addresses, and to
 * nothing else ({@code network.hostEgress}). What it decides by is its own copy of the address, and
 * with that copy it connects the program's socket itself: a program that changes its memory or its
 * descriptors meanwhile changes nothing. What would send to an address without connecting is
 * refused by numbers in registers: sockets that are not TCP, and MSG_FASTOPEN (tcp(7)).
 */
final class HostEgress implements Decider {
  private static final int AF_UNSPEC = 0;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_TYPE = 0xf;
  private static final int MSG_FASTOPEN = 0x20000000;

  /** 0 for the family's own, TCP and MPTCP; SCTP has ways of its own to connect. */
  private static final List<Integer> PROTOCOLS = List.of(0, 6, 262);

  /** Of struct sockaddr_storage. */
  private static final int LONGEST = 128;

  private static final int INET_LENGTH = 16;
  private static final int INET6_LENGTH = 24;
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private final List<Destination> destinations;
  private final Optional<Set<Integer>> ports;
  private final Architecture architecture;
  private final Set<Integer> calls;
  private final Set<Notification.Flagged> flagged;

  /**
   * @param ports the only ones of the program's Landlock rules, which do not hold for this process
   */
  HostEgress(
      Architecture architecture, List<Destination> destinations, Optional<Set<Integer>> ports) {
    this.architecture = architecture;
    this.destinations = List.copyOf(destinations);
    this.ports = ports;
    calls = calls(architecture);
    flagged = flagged(architecture);
  }

  /** The numbers of the calls that it always answers. */
  static Set<Integer> calls(Architecture architecture) {
    return Set.of(
        connect(architecture),
        number(architecture, "socket"),
        number(architecture, "io_uring_setup"));
  }

  /** Those that it answers where they have MSG_FASTOPEN. */
  static Set<Notification.Flagged> flagged(Architecture architecture) {
    return Set.of(
        new Notification.Flagged(number(architecture, "sendto"), 3, MSG_FASTOPEN),
        new Notification.Flagged(number(architecture, "sendmsg"), 2, MSG_FASTOPEN),
        new Notification.Flagged(number(architecture, "sendmmsg"), 3, MSG_FASTOPEN));
  }

  static int connect(Architecture architecture) {
    return number(architecture, "connect");
  }

  private static int number(Architecture architecture, String name) {
    return SyscallTable.of(architecture).number(name).orElseThrow();
  }

  @Override
  public boolean decides(NotifiedCall call) {
    return call.auditArch() == architecture.auditArch()
        && (calls.contains(call.number())
            || flagged.stream().anyMatch(each -> isAsked(each, call)));
  }

  private static boolean isAsked(Notification.Flagged asked, NotifiedCall call) {
    return asked.number() == call.number() && (call.word(asked.argument()) & asked.flags()) != 0;
  }

  @Override
  public CallAnswer answer(NotifiedCall call) {
    if (call.number() == connect(architecture)) {
      return connect(call);
    }
    if (call.number() == number(architecture, "socket")) {
      return socket(call.word(0), call.word(1) & SOCK_TYPE, call.word(2));
    }
    // a flag that it was asked for, or a ring that connects without a call
    return fail(Errno.EACCES);
  }

  private static CallAnswer socket(int family, int type, int protocol) {
    return switch (family) {
      case AF_UNIX, AF_NETLINK -> new CallAnswer.Proceed();
      case AF_INET, AF_INET6 ->
          type == SOCK_STREAM && PROTOCOLS.contains(protocol)
              ? new CallAnswer.Proceed()
              : fail(Errno.EACCES);
      default -> fail(Errno.EAFNOSUPPORT);
    };
  }

  private CallAnswer connect(NotifiedCall call) {
    int length = call.word(2);
    if (length < 2 || length > LONGEST) {
      return fail(Errno.EINVAL);
    }
    Optional<byte[]> address = call.bytes(call.argument(1), length);
    if (address.isEmpty() || address.get().length < length) {
      return fail(Errno.EFAULT);
    }
    byte[] copy = address.get();
    return isListed(copy) ? new CallAnswer.Later(() -> connect(call, copy)) : fail(Errno.EACCES);
  }

  private static CallAnswer connect(NotifiedCall call, byte[] address) {
    Optional<CallerSocket> found = CallerSocket.of(call, call.word(0));
    if (found.isEmpty()) {
      return fail(Errno.EBADF);
    }
    try (CallerSocket socket = found.get()) {
      return new CallAnswer.Fail(socket.connect(address));
    }
  }

  /** Whether a struct sockaddr is of a listed place; one of no family takes a connection back. */
  private boolean isListed(byte[] socketAddress) {
    ByteBuffer fields = ByteBuffer.wrap(socketAddress).order(ByteOrder.nativeOrder());
    int family = fields.getShort(0) & 0xffff;
    int at = family == AF_INET ? 4 : 8;
    int needed = family == AF_INET ? INET_LENGTH : INET6_LENGTH;
    if (family == AF_UNSPEC) {
      return true;
    }
    if ((family != AF_INET && family != AF_INET6) || socketAddress.length < needed) {
      return false;
    }
    int port = fields.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
    Address address = address(Arrays.copyOfRange(socketAddress, at, family == AF_INET ? 8 : 24));
    return ports.filter(allowed -> !allowed.contains(port)).isEmpty()
        && destinations.stream().anyMatch(listed -> covers(listed, address, port));
  }

  /** An IPv4 address in the form of an IPv6 one is reached by IPv4. */
  private static Address address(byte[] bytes) {
    boolean mapped =
        bytes.length == INET_LENGTH
            && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return Address.of(mapped ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length) : bytes);
  }

  private static boolean covers(Destination listed, Address address, int port) {
    return listed.firstPort() <= port
        && port <= listed.lastPort()
        && listed.place() instanceof Place.AddressBlock block
        && block.contains(address);
  }

  private static CallAnswer fail(Errno errno) {
    return new CallAnswer.Fail(errno.number());
  }
}
