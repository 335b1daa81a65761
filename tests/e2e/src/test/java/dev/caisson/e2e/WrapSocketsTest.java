package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Unix socket and a FIFO of the host in the current directory lead nowhere from inside. */
class WrapSocketsTest {
  /** Prints the name of the error of each attempt; a FIFO without a reader gives ENXIO. */
  private static final String ATTEMPTS =
      """
      import errno, os, socket
      def attempt(what):
          try:
              what()
              return "reached"
          except OSError as e:
              return errno.errorcode[e.errno]
      def connect():
          socket.socket(socket.AF_UNIX).connect("socket")
      def write():
          fd = os.open("fifo", os.O_WRONLY | os.O_NONBLOCK)
          os.write(fd, b"x")
      print(attempt(connect), attempt(write), attempt(socket.socketpair))
      """;

  @TempDir private Path scratch;
  private Scratch project;
  private ServerSocketChannel server;
  private Process reader;

  @BeforeEach
  void listen() throws IOException {
    Peer.need("python3", "mkfifo");
    project = Scratch.in(scratch);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(project.directory().resolve("socket")));
    project.host("chmod", "777", "socket").run().expect(0);
    project.host("mkfifo", "-m", "666", "fifo").run().expect(0);
    // opened for both, it has a reader from then on; the line says that it is open
    reader = project.host("sh", "-c", "exec 3<>fifo; echo open; exec cat").start();
    assertEquals("open", reader.inputReader().readLine());
  }

  @AfterEach
  void close() throws IOException {
    reader.destroy();
    server.close();
  }

  @Test
  void withoutASandboxBothAreReached() {
    assertEquals("reached reached reached\n", attempt(project.host(python())));
  }

  @Test
  void inTheReadOnlyDirectoryTheyReachNoOneAndSocketsWork() {
    assertEquals("ECONNREFUSED ENXIO reached\n", attempt(project.wrap(python())));
  }

  @Test
  void inAWritableDirectoryThereAreNoUnixSocketsAndTheFifoIsMasked() {
    if (project.refusesToWrite()) {
      return;
    }
    Outcome outcome = project.wrap(List.of("--rw"), python()).run().expect(0);
    assertEquals("EAFNOSUPPORT EACCES reached\n", outcome.text());
    assertTrue(outcome.error().contains("--allow-unix"), outcome::error);
  }

  @Test
  void whereTheUserAllowsItASocketIsReached() {
    if (project.refusesToWrite()) {
      return;
    }
    Outcome outcome = project.wrap(List.of("--rw", "--allow-unix"), python()).run().expect(0);
    assertEquals("reached EACCES reached\n", outcome.text());
    assertTrue(outcome.error().contains("can be reached"), outcome::error);
  }

  @Test
  void overAnotherMountTheDirectoryIsABindAndTheLaunchSaysSo() {
    Peer.need("unshare", "setpriv");
    String script =
        "mkdir sub && mount -t tmpfs none sub && touch sub/inner && "
            + "exec setpriv --ambient-caps=-all --inh-caps=-all \"$@\"";
    List<String> words = new ArrayList<>(List.of("unshare", "--mount"));
    if (!Peer.isRoot()) {
      words.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
    }
    words.addAll(List.of("sh", "-c", script, "sh"));
    words.addAll(
        project
            .wrap("sh", "-c", "ls sub; exec /usr/bin/python3 -c \"$1\"", "sh", ATTEMPTS)
            .words());
    Outcome outcome =
        Command.of(words)
            .with("HOME", scratch.resolve("home").toString())
            .in(project.directory())
            .run();
    Peer.need(!outcome.error().contains("unshare"), outcome.error());
    assertTrue(outcome.expect(0).text().startsWith("inner\nEAFNOSUPPORT "), outcome::toString);
    assertTrue(outcome.error().contains("mounted below it"), outcome::error);
  }

  private static String[] python() {
    return new String[] {"/usr/bin/python3", "-c", ATTEMPTS};
  }

  private static String attempt(Command command) {
    return command.run().expect(0).text();
  }
}
