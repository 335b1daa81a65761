package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that say notify: the call is told of, and made. */
class CallReportTest {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  private Command wrap(String rules, String... command) throws IOException {
    String seccomp = "\"seccomp\": {\"profile\": \"default\", \"rules\": [" + rules + "]}";
    return scratch.wrap(List.of("--policy", scratch.policy(seccomp)), command);
  }

  private static List<String> reports(Outcome outcome) {
    return outcome
        .error()
        .lines()
        .filter(line -> line.startsWith("caisson: process "))
        .map(line -> line.replaceFirst("process [0-9]+", "process N"))
        .toList();
  }

  @Test
  void aCallIsToldOfAndMade() throws IOException {
    String rule = "{\"syscall\": [\"mkdir\", \"mkdirat\"], \"then\": \"notify\"}";
    Outcome outcome =
        wrap(rule, "/bin/sh", "-c", "mkdir /tmp/a; mkdir '/tmp/a/b\n'; ls /tmp/a").run().expect(0);
    assertEquals("b\n\n", outcome.text());
    List<String> said = reports(outcome);
    assertEquals(2, said.size(), outcome.error());
    assertTrue(said.get(0).contains("pathname=\"/tmp/a\", mode=511)"), said.toString());
    assertTrue(said.get(1).contains("pathname=\"/tmp/a/b\\x0a\", mode=511)"), said.toString());
  }

  /** The start of the program itself is told of too: its filter holds before it begins. */
  @Test
  void theProgramsOwnStartIsToldOf() throws IOException {
    Outcome outcome =
        wrap("{\"syscall\": [\"execve\", \"execveat\"], \"then\": \"notify\"}", "/bin/true")
            .run()
            .expect(0);
    assertEquals(1, reports(outcome).size(), outcome.error());
  }

  /** Beside it other rules for the same call hold, though the kernel's filter lets it through. */
  @Test
  void whatOtherRulesRefuseIsRefused() throws IOException {
    Peer.need("python3");
    String rules =
        """
        {"syscall": "socket", "when": {"family": "AF_INET"}, "then": "notify"},
        {"syscall": "socket", "when": {"type": {"mask": "SOCK_TYPE_MASK", "eq": 2}}, "then": {"errno": "ENOMEM"}},
        {"syscall": "socket", "when": {"family": "AF_UNIX"}, "then": {"errno": "ENOMEM"}}
        """;
    String program =
        """
        import socket
        def attempt(*what):
            try:
                socket.socket(*what).close()
                print("made")
            except OSError as e:
                print(e.errno)
        attempt(socket.AF_INET, socket.SOCK_STREAM)
        attempt(socket.AF_INET, socket.SOCK_DGRAM)
        attempt(socket.AF_INET6, socket.SOCK_STREAM)
        attempt(socket.AF_UNIX, socket.SOCK_STREAM)
        attempt(socket.AF_PACKET, socket.SOCK_RAW)
        """;
    Outcome outcome = wrap(rules, PYTHON, "-c", program).run().expect(0);
    assertEquals("made\n12\nmade\n12\n1\n", outcome.text());
    assertEquals(1, reports(outcome).size(), outcome.error());
    assertTrue(
        reports(outcome).get(0).contains("calls socket(family=2, type=524289, protocol=0)"),
        outcome.error());
  }

  @Test
  void whatIsToldOfCanBeDecidedToo() throws IOException {
    Peer.need("python3");
    String seccomp =
        """
        "network": {"hostEgress": [{"cidr": "192.0.2.1", "port": 1}]},
        "seccomp": {"profile": "default", "rules": [
          {"syscall": ["connect", "sendto"], "then": "notify"}]}
        """;
    String program =
        """
        import socket
        with socket.socket() as s:
            print(s.connect_ex(("127.0.0.1", 1)))
        one, two = socket.socketpair()
        print(one.send(b"x"))
        """;
    Outcome outcome =
        scratch
            .wrap(List.of("--policy", scratch.policy(seccomp)), PYTHON, "-c", program)
            .run()
            .expect(0);
    assertEquals("13\n1\n", outcome.text());
    assertEquals(2, reports(outcome).size(), outcome.error());
  }

  @Test
  void whatCannotBeToldOfIsRefused() throws IOException {
    Outcome write = wrap("{\"syscall\": \"write\", \"then\": \"notify\"}", "/bin/true").run();
    assertTrue(write.expect(125).error().contains("must not wait for an answer"), write.error());
    String rule = "{\"syscall\": \"mkdir\", \"then\": \"notify\"}";
    String seccomp = "\"seccomp\": {\"abis\": [\"i386\"], \"rules\": [" + rule + "]}";
    Outcome abis =
        scratch.wrap(List.of("--policy", scratch.policy(seccomp)), "/bin/true").run().expect(125);
    assertTrue(abis.error().contains("seccomp.abis lets others in"), abis.error());
    assertFalse(reports(abis).iterator().hasNext());
  }
}
