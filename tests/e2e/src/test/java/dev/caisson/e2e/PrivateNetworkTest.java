package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Private networks on a host with servers around it, all in namespaces of the test's own
 * (internet.py). What is reached is seen at the servers too, not only inside.
 */
class PrivateNetworkTest {
  private static final String PYTHON = "/usr/bin/python3";

  private static final String[] ATTEMPTS = {
    "tcp/198.51.100.7/4430",
    "tcp/named.test/4430",
    "tcp/198.51.100.7/4431",
    "tcp/198.51.100.8/4430",
    "tcp/2001:db8::7/4430",
    "tcp/169.254.169.254/80",
    "tcp/127.0.0.1/4430",
    "tcp/192.0.2.2/4430",
    "udp/198.51.100.7/5353",
    "udp/198.51.100.8/5353",
    "name/served.test",
  };

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void setUp() throws IOException {
    Peer.need("pasta", "ip", "unshare", "setpriv", "python3");
    Peer.need(Files.isWritable(Path.of("/dev/net/tun")), "/dev/net/tun is not open to this user");
    scratch = Scratch.in(temporary);
    scratch.program("connections.py");
  }

  @Test
  void aListedPlaceIsReachedAndNothingElse() throws IOException {
    List<String> flags =
        List.of("--egress", "named.test:4430", "--egress", "198.51.100.8:5353/udp");

    assertEquals(
        """
        tcp/198.51.100.7/4430: this is 198.51.100.7 4430
        tcp/named.test/4430: this is 198.51.100.7 4430
        tcp/198.51.100.7/4431: EHOSTUNREACH
        tcp/198.51.100.8/4430: EHOSTUNREACH
        tcp/2001:db8::7/4430: EACCES
        tcp/169.254.169.254/80: EHOSTUNREACH
        tcp/127.0.0.1/4430: ECONNREFUSED
        tcp/192.0.2.2/4430: ECONNREFUSED
        udp/198.51.100.7/5353: EPERM
        udp/198.51.100.8/5353: echo
        name/served.test: EAI_AGAIN
        """,
        attempts(flags, ATTEMPTS));
    assertEquals("tcp 198.51.100.7 4430\nudp 198.51.100.8 5353\n", reached());
  }

  @Test
  void withoutAListTheRestIsReachedToo() throws IOException {
    assertEquals(
        """
        tcp/198.51.100.7/4430: this is 198.51.100.7 4430
        tcp/named.test/4430: EAI_NONAME
        tcp/198.51.100.7/4431: this is 198.51.100.7 4431
        tcp/198.51.100.8/4430: this is 198.51.100.8 4430
        tcp/2001:db8::7/4430: this is 2001:db8::7 4430
        tcp/169.254.169.254/80: EHOSTUNREACH
        tcp/127.0.0.1/4430: ECONNREFUSED
        tcp/192.0.2.2/4430: ECONNREFUSED
        udp/198.51.100.7/5353: echo
        udp/198.51.100.8/5353: echo
        name/served.test: 198.51.100.7
        """,
        attempts(List.of("--network", "private"), ATTEMPTS));
    assertTrue(!reached().contains("169.254") && !reached().contains("127.0.0.1"), this::reached);
  }

  /** What the two above did not reach can be reached, where nothing is in the way. */
  @Test
  void theHostsNetworkReachesTheHostToo() throws IOException {
    String[] attempts = {"tcp/169.254.169.254/80", "tcp/127.0.0.1/4430"};

    assertEquals(
        """
        tcp/169.254.169.254/80: this is 169.254.169.254 80
        tcp/127.0.0.1/4430: this is 127.0.0.1 4430
        """,
        attempts(List.of("--network", "host"), attempts));
  }

  @Test
  void theProgramHasNoPowerOverItsNetwork() throws IOException {
    String[] attempts = {"ping", "raw", "packet", "flush", "nested"};

    assertEquals(
        """
        ping: EACCES
        raw: EPERM
        packet: EPERM
        flush: EPERM
        nested: EPERM
        """,
        attempts(List.of("--egress", "198.51.100.7:4430"), attempts));
  }

  /** The filter of system calls out of the way: it is the kernel that refuses. */
  @Test
  void rootOfANamespaceBelowHasNoneEither() throws IOException {
    // in the user namespace of an ordinary user's test, root's directories are nobody's
    Scratch.onlyAsRoot(true);
    String policy =
        scratch.policy(
            "\"namespaces\": {\"nestedUser\": true},"
                + " \"seccomp\": {\"profile\": \"default\", \"allow\": [\"socket\", \"unshare\"]},"
                + " \"network\": {\"egress\": [{\"cidr\": \"198.51.100.7\"}]}");

    assertEquals(
        "flush: EPERM\nnested: made, EPERM\ntcp/198.51.100.8/4430: EHOSTUNREACH\n",
        attempts(List.of("--policy", policy), "flush", "nested", "tcp/198.51.100.8/4430"));
  }

  @Test
  void aPublishedPortIsReachedFromTheHost() throws IOException {
    String server =
        "import socket; c, _ = socket.create_server(('', 80)).accept(); c.send(b'from inside\\n')";
    Command wrap = scratch.wrap(List.of("-p", "18080:80"), PYTHON, "-c", server);

    Outcome outcome = onHost(List.of("--visit", "18080"), wrap).run().expect(0);

    assertEquals("from inside\n", outcome.text());
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    Command wrap = scratch.wrap(List.of("-p", "4430:80"), "true");

    Outcome outcome = onHost(List.of(), wrap).run().expect(125);

    assertTrue(outcome.error().contains("4430"), outcome::error);
    assertTrue(outcome.error().contains("connect the sandbox's network"), outcome::error);
  }

  @Test
  void aNameWithoutAnAddressClosesTheWayAndIsSaid() throws IOException {
    List<String> flags = List.of("--egress", "nowhere.test:4430");
    Command wrap = scratch.wrap(flags, PYTHON, "connections.py", "tcp/198.51.100.7/4430");

    Outcome outcome = onHost(List.of(), wrap).run().expect(0);

    assertEquals("tcp/198.51.100.7/4430: EHOSTUNREACH\n", outcome.text());
    assertTrue(outcome.error().contains("nowhere.test has no address now"), outcome::error);
  }

  @Test
  void aNameOfTheMetadataServiceIsNotFollowed() throws IOException {
    List<String> flags = List.of("--egress", "rebound.test:80");
    Command wrap = scratch.wrap(flags, PYTHON, "connections.py", "tcp/169.254.169.254/80");
    List<String> hosts = List.of("--hosts", "169.254.169.254 rebound.test");

    Outcome outcome = onHost(hosts, wrap).run().expect(0);

    assertEquals("tcp/169.254.169.254/80: EHOSTUNREACH\n", outcome.text());
    assertTrue(outcome.error().contains("never reaches"), outcome::error);
    assertEquals("", reached());
  }

  @Test
  void pastaEndsWithItsKeeper() throws IOException {
    String caisson = String.join(" ", scratch.wrap(List.of("--network", "private")).words());
    String script =
        caisson
            + " sh -c 'echo up; exec sleep 600' > up & keeper=$!\n"
            + """
            pasta=
            until [ -s up ]; do sleep 0.02; done
            for child in $(cat /proc/$keeper/task/$keeper/children); do
              case $(cat /proc/$child/comm) in pas*) pasta=$child ;; esac
            done
            [ -n "$pasta" ] || exit 1
            kill -9 $keeper
            while grep -q '^State:.[^ZX]' /proc/$pasta/status; do sleep 0.02; done 2> /dev/null
            echo "pasta is gone"
            """;

    Outcome outcome = onHost(List.of(), scratch.shell(script)).run().expect(0);

    assertEquals("pasta is gone\n", outcome.text());
  }

  @Test
  void explainShowsTheFilterAndTheConnection() {
    String[] words = {
      "explain", "wrap", "--egress", "192.0.2.7:443", "-p", "8080:80", "--", "true"
    };

    String listing = scratch.caisson(words).run().expect(0).text();

    assertTrue(listing.contains("# output: accept to 192.0.2.7 tcp port 443\n"), listing);
    assertTrue(listing.contains("# output: refuse everything\n"), listing);
    assertTrue(listing.contains("# input: accept tcp port 80\n"), listing);
    assertTrue(listing.contains("\"--tcp-ports\", \"127.0.0.1/8080:80\""), listing);
  }

  @Test
  void aPolicySaysTheSame() throws IOException {
    Scratch.onlyAsRoot(true);
    String policy =
        scratch.policy(
            "\"network\": {\"dns\": true, \"egress\": ["
                + "{\"host\": \"named.test\", \"port\": \"4430-4431\"},"
                + " {\"cidr\": \"2001:db8::/32\"}]}");

    assertEquals(
        """
        tcp/named.test/4430: this is 198.51.100.7 4430
        tcp/198.51.100.7/4431: this is 198.51.100.7 4431
        tcp/198.51.100.8/4430: EHOSTUNREACH
        tcp/2001:db8::7/4430: this is 2001:db8::7 4430
        name/served.test: 198.51.100.7
        """,
        attempts(
            List.of("--policy", policy),
            "tcp/named.test/4430",
            "tcp/198.51.100.7/4431",
            "tcp/198.51.100.8/4430",
            "tcp/2001:db8::7/4430",
            "name/served.test"));
  }

  private String attempts(List<String> flags, String... attempts) throws IOException {
    List<String> command = new ArrayList<>(List.of(PYTHON, "connections.py"));
    command.addAll(List.of(attempts));
    Command wrap = scratch.wrap(flags, command.toArray(String[]::new));
    return onHost(List.of("--hosts", "198.51.100.7 named.test"), wrap).run().expect(0).text();
  }

  /** {@code command} on a host of its own, as the same user and with no more rights. */
  private Command onHost(List<String> options, Command command) throws IOException {
    List<String> launcher = new ArrayList<>(List.of("unshare", "--net", "--mount"));
    if (!Peer.isRoot()) {
      launcher.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
    }
    launcher.addAll(List.of(PYTHON, scratch.program("internet.py").toString()));
    launcher.addAll(options);
    return command
        .through(launcher)
        .with("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin")
        .with("SCRATCH", temporary.toString())
        .with("REACHED", temporary.resolve("reached").toString());
  }

  /** What the servers saw, in alphabetical order. */
  private String reached() {
    try {
      return Files.readString(temporary.resolve("reached"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
