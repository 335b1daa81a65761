package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Landlock refuses when nothing else does, and that without it the same succeeds. */
class LandlockTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String OFF = "\"landlock\": false, \"bestEffort\": [\"landlock\"]";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    Peer.need(PYTHON.substring(PYTHON.lastIndexOf('/') + 1));
    scratch = Scratch.in(temporary);
    Outcome doctor = scratch.caisson("doctor").run();
    Peer.need(
        doctor.text().lines().anyMatch(line -> line.matches("ok +landlock +ABI ([6-9]|1\\d).*")),
        "Landlock of ABI 6");
  }

  private String python(String policy, String program) throws IOException {
    return scratch
        .wrap(List.of("--policy", scratch.policy(policy)), PYTHON, "-c", program)
        .run()
        .expect(0)
        .text();
  }

  @Test
  void portsThatAreNotListedAreRefused() throws IOException {
    try (ServerSocket listed = new ServerSocket(0);
        ServerSocket other = new ServerSocket(0)) {
      String program =
          """
          import errno, socket
          for port in (%d, %d):
              with socket.socket() as s:
                  print(errno.errorcode.get(s.connect_ex(("127.0.0.1", port)), "connected"))
          for port in (0, 40123):
              with socket.socket() as s:
                  try:
                      s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                      s.bind(("127.0.0.1", port))
                      print("bound")
                  except OSError as e:
                      print(errno.errorcode[e.errno])
          """
              .formatted(listed.getLocalPort(), other.getLocalPort());
      String ports = "{\"connect\": [" + listed.getLocalPort() + "], \"bind\": [0]}";
      assertEquals(
          "connected\nEACCES\nbound\nEACCES\n",
          python("\"network\": \"host\", \"landlock\": " + ports, program));
      assertEquals(
          "connected\nconnected\nbound\nbound\n",
          python("\"network\": \"host\", \"landlock\": true", program));
    }
  }

  @Test
  void noSignalReachesTheFirstProcess() throws IOException {
    String program =
        """
        import errno, os
        try:
            os.kill(1, 0)
            print("sent")
        except OSError as e:
            print(errno.errorcode[e.errno])
        """;
    assertEquals("EPERM\n", python("\"landlock\": true", program));
    assertEquals("sent\n", python(OFF, program));
  }

  @Test
  void noAbstractSocketOfTheHostIsReached() throws IOException, InterruptedException {
    String name = "caisson-" + temporary.getFileName();
    Process server =
        scratch
            .host(
                PYTHON,
                "-c",
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                s.bind("\\0" + sys.argv[1])
                s.listen()
                print("up", flush=True)
                sys.stdin.read()
                """,
                name)
            .start();
    try {
      assertEquals('u', server.getInputStream().read());
      String program =
          """
          import errno, socket
          with socket.socket(socket.AF_UNIX) as s:
              print(errno.errorcode.get(s.connect_ex("\\0%s"), "connected"))
          """
              .formatted(name);
      String host = "\"network\": \"host\", \"unixSockets\": true, ";
      assertEquals("EPERM\n", python(host + "\"landlock\": true", program));
      assertEquals("connected\n", python(host + OFF, program));
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  /** The device of an overlay's whiteout, which the kernel lets anyone make (Linux 5.8). */
  @Test
  void noDeviceNodeIsMade() throws IOException {
    String program =
        """
        import errno, os, stat
        try:
            os.mknod("/tmp/node", stat.S_IFCHR | 0o600, os.makedev(0, 0))
            print("made")
        except OSError as e:
            print(errno.errorcode[e.errno])
        """;
    String allowed = "\"seccomp\": {\"allow\": [\"mknod\", \"mknodat\"]}, ";
    String refused = python(allowed + "\"landlock\": true", program);
    assertTrue(List.of("EACCES\n", "EPERM\n").contains(refused), refused);
    assertEquals("made\n", python(allowed + OFF, program));
  }
}
