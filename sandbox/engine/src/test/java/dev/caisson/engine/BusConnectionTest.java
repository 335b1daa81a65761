package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the bus daemon of the D-Bus project, which closes on any message that is not sound. */
class BusConnectionTest {
  private static final String BUS = "org.freedesktop.DBus";
  private static final Path DAEMON = Path.of("/usr/bin/dbus-daemon");

  @TempDir private Path directory;
  private UnixPath socket = UnixPath.of("/");
  private Process daemon;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        Files.isExecutable(DAEMON) || "true".equals(System.getenv("CI")),
        "dbus-daemon is not installed");
    Path path = directory.resolve("bus");
    socket = UnixPath.of(path.toString());
    daemon =
        new ProcessBuilder(
                DAEMON.toString(),
                "--session",
                "--nofork",
                "--nopidfile",
                "--print-address",
                "--address=unix:path=" + path)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader printed =
        new BufferedReader(
            new InputStreamReader(daemon.getInputStream(), StandardCharsets.US_ASCII));
    assertTrue(printed.readLine().startsWith("unix:path="), "the daemon listens");
  }

  @AfterEach
  void stop() {
    if (daemon != null) {
      daemon.destroy();
    }
  }

  private BusConnection connect() throws BusProblem, IOException {
    int uid = (int) SystemCalls.call(Syscall.GETEUID);
    return BusConnection.open(socket, uid, Duration.ofSeconds(30));
  }

  @Test
  void callsAndReadsReplies() throws BusProblem, IOException {
    try (BusConnection connection = connect()) {
      BusMessage owner =
          connection.call(
              BUS,
              "/org/freedesktop/DBus",
              BUS,
              "GetNameOwner",
              new BusArguments().as("s").text(BUS));
      assertEquals(BUS, owner.text());
    }
  }

  @Test
  void receivesTheSignalsThatItAskedFor() throws BusProblem, IOException {
    String rule = "type='signal',sender='" + BUS + "',member='NameOwnerChanged'";
    try (BusConnection listening = connect()) {
      listening.addMatch(rule);
      try (BusConnection other = connect()) {
        other.addMatch(rule);
        BusMessage message = listening.next();
        while (!message.member().equals("NameOwnerChanged")) {
          message = listening.next();
        }
        assertEquals(BusMessage.SIGNAL, message.kind());
        assertTrue(message.text().startsWith(":"), "the other's unique name");
      }
    }
  }

  @Test
  void anErrorIsAProblemWithItsText() throws BusProblem, IOException {
    try (BusConnection connection = connect()) {
      BusProblem problem =
          assertThrows(
              BusProblem.class,
              () ->
                  connection.call(
                      "no.such.name", "/", "no.such.name", "Any", UserScope.unit(4711)));
      assertTrue(
          String.valueOf(problem.getMessage()).contains("no.such.name"), problem::getMessage);
      // still open: the daemon took the nested arguments of that call as sound
      connection.addMatch("type='signal'");
    }
  }

  @Test
  void withoutSystemdOnTheBusThereIsNoScope() {
    int uid = (int) SystemCalls.call(Syscall.GETEUID);
    EngineRefusal refusal = assertThrows(EngineRefusal.class, () -> UserScope.enter(socket, uid));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("org.freedesktop.systemd1"),
        refusal::getMessage);
  }

  @Test
  void aBusThatIsNotThereIsARefusal() {
    daemon.destroy();
    assertThrows(EngineRefusal.class, () -> UserScope.enter(UnixPath.of(directory + "/none"), 0));
  }
}
