package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection to a D-Bus message bus, for one conversation of a few messages. */
final class BusConnection implements AutoCloseable {
  private static final String BUS = "org.freedesktop.DBus";
  private static final int BUFFER = 1 << 16;

  private final SocketChannel channel;
  private final Selector selector;
  private final long deadline;
  private ByteBuffer received = ByteBuffer.allocate(BUFFER).flip();
  private int serial;

  private BusConnection(SocketChannel channel, Selector selector, Duration patience) {
    this.channel = channel;
    this.selector = selector;
    deadline = System.nanoTime() + patience.toNanos();
  }

  /**
   * Connects as the user {@code uid}.
   *
   * @param patience how long the whole conversation may take
   */
  static BusConnection open(UnixPath socket, int uid, Duration patience)
      throws BusProblem, IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket.toString()));
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
    BusConnection connection = new BusConnection(channel, selector, patience);
    connection.authenticate(uid);
    connection.call(BUS, "/org/freedesktop/DBus", BUS, "Hello", new BusArguments());
    return connection;
  }

  /** The EXTERNAL mechanism: the kernel tells the bus who is calling. */
  private void authenticate(int uid) throws BusProblem, IOException {
    StringBuilder identity = new StringBuilder();
    for (char digit : Integer.toUnsignedString(uid).toCharArray()) {
      identity.append(Integer.toHexString(digit));
    }
    send(("\0AUTH EXTERNAL " + identity + "\r\n").getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n") < 0) {
      if (received.hasRemaining()) {
        answer.append((char) received.get());
      } else {
        receive();
      }
    }
    if (!answer.toString().startsWith("OK ")) {
      throw new BusProblem("the bus does not let this user in: " + answer.toString().strip());
    }
    send("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Calls a method and waits for its reply. */
  BusMessage call(String to, String path, String type, String method, BusArguments arguments)
      throws BusProblem, IOException {
    int number = ++serial;
    send(BusMessage.call(number, to, path, type, method, arguments));
    while (true) {
      BusMessage message = next();
      if (message.replyTo() != number) {
        continue;
      }
      if (message.kind() == BusMessage.ERROR) {
        throw new BusProblem(message.member() + ": " + message.text());
      }
      return message;
    }
  }

  /** Asks for signals that match {@code rule}. */
  void addMatch(String rule) throws BusProblem, IOException {
    call(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", new BusArguments().as("s").text(rule));
  }

  /** Waits for the next message of any kind. */
  BusMessage next() throws BusProblem, IOException {
    while (true) {
      var message = BusMessage.take(received);
      if (message.isPresent()) {
        return message.get();
      }
      receive();
    }
  }

  private void send(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private void receive() throws BusProblem, IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0 || selector.select(left) == 0) {
      throw new BusProblem("the bus did not answer in time");
    }
    selector.selectedKeys().clear();
    ByteBuffer more = ByteBuffer.allocate(received.remaining() + BUFFER).put(received);
    if (channel.read(more) < 0) {
      throw new BusProblem("the bus closed the connection");
    }
    received = more.flip();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
