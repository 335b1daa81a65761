package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals, exit statuses, orphans, and what is left when the launcher is killed. */
class SignalTest {
  private static final int KILL_ROUNDS = 20;

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  @Test
  void signalsReachThePayload() throws IOException, InterruptedException {
    List<String> signals = List.of("INT", "HUP", "QUIT", "USR1", "USR2");
    String script =
        "for s in "
            + String.join(" ", signals)
            + "; do trap \"echo $s\" $s; done; trap 'echo TERM; exit 7' TERM; echo ready;"
            + " while :; do sleep 0.02; done";
    Process process = scratch.caisson("wrap", "--", "sh", "-c", script).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("ready", out.readLine());
      for (String signal : signals) {
        send(signal, process.pid());
        assertEquals(signal, out.readLine());
      }
      send("TERM", process.pid());
      assertEquals("TERM", out.readLine());
      assertEquals(7, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aSignalThatIsNotCaughtEndsBoth() throws IOException, InterruptedException {
    Process process =
        scratch.caisson("wrap", "--", "sh", "-c", "echo ready; exec sleep 600").start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("ready", out.readLine());
      send("TERM", process.pid());
      assertEquals(143, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theExitStatusIsThePayloads() throws IOException {
    assertStatus(3, "wrap", "--", "sh", "-c", "exit 3");
    assertStatus(137, "wrap", "--", "sh", "-c", "kill -KILL $$");
    assertStatus(127, "wrap", "--", "no-such-command");
    scratch.file("plain", "no program\n");
    assertStatus(126, "wrap", "--", "./plain");
    assertStatus(125, "wrap", "--no-such-flag");
    String limited = scratch.policy("\"limits\": {\"wallClock\": \"1s\"}");
    assertStatus(124, "wrap", "--policy", limited, "--", "sleep", "600");
  }

  /** What the kernel says of execve(2), where nothing was found out before. */
  @Test
  void aFailedExecHasItsStatusAndItsReason() throws IOException {
    Scratch.onlyAsRoot(false); // whose own files a sandbox of root's cannot use as a root
    Path root = Layouts.busyboxRoot(Files.createDirectory(scratch.path("root")));
    Files.writeString(root.resolve("plain"), "no program\n");
    Path script = Files.writeString(root.resolve("script"), "#!/no/such/interpreter\n");
    assertTrue(script.toFile().setExecutable(true, false));
    assertRefused(127, "there is no such program inside", root, "no-such-command");
    assertRefused(127, "there is no such program inside", root, "/no/such/command");
    assertRefused(127, "there is no such program inside", root, "/plain/command");
    assertRefused(127, "interpreter is not", root, "/script");
    assertRefused(126, "EACCES", root, "/plain");
    assertRefused(126, "EACCES", root, "/bin");
  }

  private void assertRefused(int status, String why, Path root, String command) {
    Outcome outcome = scratch.caisson("run", "--rootfs", root.toString(), command).run();
    assertTrue(outcome.expect(status).error().contains(why), outcome::toString);
    assertTrue(outcome.error().contains("caisson: cannot execute " + command), outcome::toString);
  }

  private void assertStatus(int status, String... arguments) {
    scratch.caisson(arguments).run().expect(status);
  }

  @Test
  void orphansAreReaped() throws IOException {
    Peer.need("perl");
    scratch.file(
        "orphans.pl",
        """
        for (1 .. 1000) {
          my $child = fork // die $!;
          if (!$child) { fork // die $!; exit 0; }
          waitpid($child, 0);
        }
        # each grandchild is gone once the first process has waited for it
        my @left;
        for (1 .. 600) {
          @left = grep { !/^(1|$$)$/ } map { m{/proc/(\\d+)$} } glob '/proc/[0-9]*';
          last if !@left;
          select undef, undef, undef, 0.05;
        }
        print scalar(@left), " left\\n";
        """);
    Outcome outcome = scratch.caisson("wrap", "--", "perl", "orphans.pl").run();
    assertEquals("0 left\n", outcome.expect(0).text());
  }

  @Test
  void nothingIsLeftWhenTheLauncherIsKilledAtAnyMoment() throws IOException, InterruptedException {
    String marker = "271828." + System.nanoTime();
    Random random = new Random(6);
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    for (int round = 0; round < KILL_ROUNDS; round++) {
      Process process =
          scratch
              .caisson("wrap", "--", "sh", "-c", "sleep " + marker + " & sleep " + marker)
              .start();
      // anywhere from the start of the JVM to a running payload
      boolean ended = process.waitFor(random.nextInt(600), TimeUnit.MILLISECONDS);
      assertTrue(!ended, "it runs until it is killed");
      process.destroyForcibly();
      assertEquals(137, process.waitFor());
    }
    Instant end = Instant.now().plus(Duration.ofSeconds(30));
    while (!withArgument(marker).isEmpty()) {
      assertTrue(Instant.now().isBefore(end), () -> "left: " + withArgument(marker));
      Thread.onSpinWait();
    }
    assertEquals(mounts, Files.readString(Path.of("/proc/self/mountinfo")));
    try (Stream<Path> files = Files.list(scratch.path("."))) {
      assertEquals(List.of(), files.toList());
    }
  }

  private static List<String> withArgument(String marker) {
    return ProcessHandle.allProcesses()
        .map(process -> commandLine(process.pid()))
        .filter(line -> line.contains(marker))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      return "";
    }
  }

  private static void send(String signal, long pid) {
    Command.of("kill", "-" + signal, Long.toString(pid)).run().expect(0);
  }
}
