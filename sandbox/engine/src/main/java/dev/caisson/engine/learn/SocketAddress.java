package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** An address as connect(2) and the like are given it (struct sockaddr). */
sealed interface SocketAddress {
  int AF_UNIX = 1;
  int AF_INET = 2;
  int AF_INET6 = 10;

  /** The longest that is read: struct sockaddr_un. */
  int LONGEST = 110;

  /** A port of a host. */
  record Internet(InetAddress host, int port) implements SocketAddress {
    boolean isLoopback() {
      return host.isLoopbackAddress();
    }

    boolean isAny() {
      return host.isAnyLocalAddress();
    }

    @Override
    public String toString() {
      String text = host.getHostAddress();
      return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + port;
    }
  }

  /** A path; or a name without one, which is the network namespace's. */
  record Unix(UnixPath path, boolean isAbstract) implements SocketAddress {}

  /** Reads an address; empty for other families and for what is none. */
  static Optional<SocketAddress> read(byte[] bytes) {
    if (bytes.length < 2) {
      return Optional.empty();
    }
    int family = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort() & 0xffff;
    return switch (family) {
      case AF_UNIX -> unix(bytes);
      case AF_INET -> internet(bytes, 4, 8);
      case AF_INET6 -> internet(bytes, 8, 24);
      default -> Optional.empty();
    };
  }

  private static Optional<SocketAddress> internet(byte[] bytes, int start, int end) {
    if (bytes.length < end) {
      return Optional.empty();
    }
    int port = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    try {
      // an IPv4 address in IPv6's form becomes the former
      return Optional.of(
          new Internet(InetAddress.getByAddress(Arrays.copyOfRange(bytes, start, end)), port));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Optional<SocketAddress> unix(byte[] bytes) {
    boolean isAbstract = bytes.length > 2 && bytes[2] == 0;
    int end = isAbstract ? 3 : 2;
    int start = end;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return end == start
        ? Optional.empty()
        : Optional.of(new Unix(UnixPath.of(Arrays.copyOfRange(bytes, start, end)), isAbstract));
  }
}
