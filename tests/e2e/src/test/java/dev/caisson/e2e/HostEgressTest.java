package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's network, in which listed addresses are connected to and nothing else. */
class HostEgressTest {
  private static final String PYTHON = "/usr/bin/python3";

  /** Tries what reaches an address, a line each. */
  private static final String ATTEMPTS =
      """
      import errno, socket, sys
      listed, other = int(sys.argv[1]), int(sys.argv[2])
      MSG_FASTOPEN = 0x20000000

      def attempt(what, act):
          try:
              print(what, act())
          except OSError as e:
              print(what, errno.errorcode[e.errno])

      def tcp(family, address):
          with socket.socket(family) as s:
              s.settimeout(None)
              s.connect(address)
              return "connected"

      def slowly():
          with socket.socket() as s:
              s.setblocking(False)
              e = s.connect_ex(("127.0.0.1", listed))
              return errno.errorcode.get(e, "connected") in ("connected", "EINPROGRESS")

      def fast(send):
          with socket.socket() as s:
              return send(s)

      def unix():
          with socket.socket(socket.AF_UNIX) as s:
              s.connect("\\0nobody")

      attempt("listed", lambda: tcp(socket.AF_INET, ("127.0.0.1", listed)))
      attempt("mapped", lambda: tcp(socket.AF_INET6, ("::ffff:127.0.0.1", listed)))
      attempt("slowly", slowly)
      attempt("other port", lambda: tcp(socket.AF_INET, ("127.0.0.1", other)))
      attempt("other address", lambda: tcp(socket.AF_INET, ("127.0.0.2", listed)))
      attempt("any address", lambda: tcp(socket.AF_INET, ("0.0.0.0", listed)))
      attempt("other, mapped", lambda: tcp(socket.AF_INET6, ("::ffff:127.0.0.1", other)))
      attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
      attempt("sctp", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132))
      attempt("vsock", lambda: socket.socket(40, socket.SOCK_STREAM))
      attempt("unix", unix)
      where = ("127.0.0.1", other)
      attempt("fast sendto", lambda: fast(lambda s: s.sendto(b"x", MSG_FASTOPEN, where)))
      attempt("fast sendmsg", lambda: fast(lambda s: s.sendmsg([b"x"], [], MSG_FASTOPEN, where)))
      one, two = socket.socketpair()
      attempt("pair", lambda: one.send(b"x"))
      """;

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    Peer.need("python3");
    scratch = Scratch.in(temporary);
  }

  private String attempts(String network, ServerSocket listed, ServerSocket other)
      throws IOException {
    return scratch
        .wrap(
            List.of("--policy", scratch.policy("\"network\": " + network)),
            PYTHON,
            "-c",
            ATTEMPTS,
            Integer.toString(listed.getLocalPort()),
            Integer.toString(other.getLocalPort()))
        .run()
        .expect(0)
        .text();
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"));
  }

  @Test
  void onlyWhatIsListedIsConnected() throws IOException {
    try (ServerSocket listed = server();
        ServerSocket other = server()) {
      String list = "[{\"cidr\": \"127.0.0.1\", \"port\": " + listed.getLocalPort() + "}]";
      assertEquals(
          """
          listed connected
          mapped connected
          slowly True
          other port EACCES
          other address EACCES
          any address EACCES
          other, mapped EACCES
          udp EACCES
          sctp EPERM
          vsock EPERM
          unix EACCES
          fast sendto EACCES
          fast sendmsg EACCES
          pair 1
          """,
          attempts("{\"hostEgress\": " + list + "}", listed, other));
      String all = attempts("\"host\"", listed, other);
      assertTrue(all.contains("other port connected\nother address connected\n"), all);
      assertTrue(all.contains("\nudp <socket"), all);
      assertTrue(all.contains("\nfast sendto 1\nfast sendmsg 1\n"), all);
    }
  }

  /** They are rules for the program, and another process connects in its place. */
  @Test
  void thePortsOfLandlockHoldToo() throws IOException {
    try (ServerSocket listed = server();
        ServerSocket other = server()) {
      String all = "{\"hostEgress\": [{\"cidr\": \"127.0.0.0/8\"}]}";
      assertTrue(attempts(all, listed, other).contains("\nother port connected\n"));
      String ports = ", \"landlock\": {\"connect\": [" + listed.getLocalPort() + "]}";
      String said = attempts(all + ports, listed, other);
      assertTrue(said.startsWith("listed connected\n"), said);
      assertTrue(said.contains("\nother port EACCES\n"), said);
    }
  }

  @Test
  void aServerThatDoesNotAnswerHoldsUpNoOther() throws IOException {
    try (ServerSocket listed = server();
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String program =
          """
          import socket, sys, threading
          listed, full = int(sys.argv[1]), int(sys.argv[2])
          kept = []
          def fill():
              s = socket.socket()
              kept.append(s)
              s.connect(("127.0.0.1", full))
          for _ in range(8):
              threading.Thread(target=fill, daemon=True).start()
          with socket.socket() as s:
              s.connect(("127.0.0.1", listed))
          print("connected", flush=True)
          import os
          os._exit(0)
          """;
      String network =
          "{\"hostEgress\": [{\"cidr\": \"127.0.0.1\", \"port\": %d}, {\"cidr\": \"127.0.0.1\","
              + " \"port\": %d}]}";
      Outcome outcome =
          scratch
              .wrap(
                  List.of(
                      "--policy",
                      scratch.policy(
                          "\"network\": "
                              + network.formatted(listed.getLocalPort(), full.getLocalPort()))),
                  PYTHON,
                  "-c",
                  program,
                  Integer.toString(listed.getLocalPort()),
                  Integer.toString(full.getLocalPort()))
              .run();
      assertEquals("connected\n", outcome.expect(0).text());
    }
  }

  @Test
  void itIsNoPartOfACompiledLaunch() throws IOException {
    String policy = scratch.policy("\"network\": {\"hostEgress\": []}");
    Outcome outcome =
        scratch
            .caisson("compile", "--policy", policy, "-o", "out", "--rootfs", "/", "/bin/true")
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("network.hostEgress"), outcome::toString);
    String abis = "\"network\": {\"hostEgress\": []}, \"seccomp\": {\"abis\": [\"i386\"]}";
    Outcome other =
        scratch.wrap(List.of("--policy", scratch.policy(abis)), "true").run().expect(125);
    assertTrue(other.error().contains("seccomp.abis"), other::toString);
  }
}
