package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.Notification;
import dev.caisson.launch.RunningSandbox;
import dev.caisson.policy.Address;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Place;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that changes an address while it is looked at reaches nothing that is not listed. */
class HostEgressTest {
  private static final int ROUNDS = 10_000;

  /** One thread connects, another keeps changing the port that it connects to. */
  private static final String RACE =
      """
      import ctypes, socket, struct, sys, threading
      listed, other, rounds = map(int, sys.argv[1:])
      libc = ctypes.CDLL(None)
      address = struct.pack("=H", 2) + struct.pack("!H", listed) + socket.inet_aton("127.0.0.1")
      buffer = ctypes.create_string_buffer(address, 16)
      ended = False
      def flip():
          ports = [struct.pack("!H", port) for port in (other, listed)]
          while not ended:
              buffer[2:4] = ports[0]
              buffer[2:4] = ports[1]
      thread = threading.Thread(target=flip)
      thread.start()
      sys.setswitchinterval(1e-5)
      for _ in range(rounds):
          with socket.socket() as s:
              libc.connect(s.fileno(), buffer, 16)
      ended = True
      thread.join()
      """;

  @TempDir private Path directory;

  /** Counts those who connect, until it is closed. */
  private static final class Server implements AutoCloseable {
    private final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket socket;
    private final Thread thread;

    Server() throws IOException {
      socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
      thread = new Thread(this::accept);
      thread.start();
    }

    private void accept() {
      while (!socket.isClosed()) {
        try {
          Socket accepted = socket.accept();
          connections.incrementAndGet();
          accepted.close();
        } catch (IOException e) {
          if (!socket.isClosed()) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    int port() {
      return socket.getLocalPort();
    }

    /** Those who have connected: what is in the queue counts too. */
    int connections() throws IOException, InterruptedException {
      int before = connections.get();
      try (Socket last = new Socket(InetAddress.getLoopbackAddress(), port())) {
        // the queue is served in its order
        assertEquals(-1, last.getInputStream().read());
      }
      assertTrue(connections.get() > before);
      return connections.get() - 1;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void needPython() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/python3")) || "true".equals(System.getenv("CI")),
        "python3 is not installed");
  }

  private Order order(String network, int listed, int other) throws IOException {
    Path policy = directory.resolve("policy.json");
    Files.writeString(
        policy,
        "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"], \"network\": "
            + network
            + "}");
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
    List<UnixPath> command =
        List.of("/usr/bin/python3", "-c", RACE, "" + listed, "" + other, "" + ROUNDS).stream()
            .map(UnixPath::of)
            .toList();
    return new Order(
        new Workload.HostCommand(command, false, new Workload.Home.OfPolicy()),
        UnixPath.of(policy.toString()),
        Adjustments.NONE);
  }

  private Engine engine() {
    EngineDirectories directories =
        new EngineDirectories(at("data"), at("configuration"), at("run"));
    return Engine.open(
        directories,
        new Installation(Optional.empty()),
        HostProbe.probe().withCurrentDirectory(UnixPath.of("/usr")));
  }

  private UnixPath at(String name) {
    return UnixPath.of(directory.resolve(name).toString());
  }

  @Test
  void anAddressThatChangesIsTheOneThatWasCopied() throws Exception {
    needPython();
    try (Server listed = new Server();
        Server other = new Server()) {
      String network =
          "{\"hostEgress\": [{\"cidr\": \"127.0.0.1\", \"port\": " + listed.port() + "}]}";
      Order order = order(network, listed.port(), other.port());
      try (PreparedLaunch launch = engine().prepare(order, Mode.SPAWNED);
          RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
        assertTrue(launch.isSupervised());
        launch.supervise(sandbox, call -> {});
        assertEquals(0, sandbox.waitFor());
      }
      assertEquals(0, other.connections());
      assertTrue(listed.connections() > 0);
    }
  }

  /** What looks at the address and lets the kernel read it again is deceived. */
  @Test
  void theRaceIsWonWhereTheKernelReadsTheAddressAgain() throws Exception {
    needPython();
    Architecture architecture = Architecture.current();
    try (Server listed = new Server();
        Server other = new Server()) {
      Place host = new AddressBlock(Address.of(new byte[] {127, 0, 0, 1}), 32);
      HostEgress decision =
          new HostEgress(
              architecture,
              List.of(new Destination(host, listed.port(), listed.port(), Protocol.TCP)),
              Optional.empty());
      try (PreparedLaunch launch =
              engine()
                  .prepareSupervised(
                      order("\"host\"", listed.port(), other.port()),
                      new Notification.Calls(Set.of(HostEgress.connect(architecture))));
          RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
        sandbox.supervise(
            call ->
                decision.answer(call) instanceof CallAnswer.Fail refused
                    ? refused
                    : new CallAnswer.Proceed());
        assertEquals(0, sandbox.waitFor());
      }
      assertTrue(other.connections() > 0);
    }
  }
}
