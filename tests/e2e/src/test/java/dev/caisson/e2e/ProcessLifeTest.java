package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Process 1, every signal, the end of time and of input. */
class ProcessLifeTest {
  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  /** Docker's and Podman's default is that of none. */
  @Test
  void orphansAreReapedUnlessTheProgramIsProcessOne() throws IOException {
    Peer.need(Files.isExecutable(Path.of("/usr/bin/python3")), "/usr/bin/python3 is missing");
    scratch.program("orphans.py");
    assertEquals("zombies 0\n", orphans("reaper", 20, 0).replaceFirst("^process \\d+ ", ""));
    assertEquals("process 1 zombies 20\n", orphans("none", 20, 20));
    assertEquals("zombies 0\n", orphans("reaper", 2000, 0).replaceFirst("^process \\d+ ", ""));
  }

  private String orphans(String init, int count, int left) {
    return scratch
        .wrap(
            List.of("--init", init),
            "/usr/bin/python3",
            "orphans.py",
            Integer.toString(count),
            Integer.toString(left))
        .run()
        .expect(0)
        .text();
  }

  @Test
  void aProgramThatIsProcessOneSeesItselfAlone() {
    Outcome alone =
        scratch.wrap(List.of("--init", "none"), "sh", "-c", "echo $$ /proc/[0-9]*").run();
    assertEquals("1 /proc/1\n", alone.expect(0).text());
    Outcome ended = scratch.wrap(List.of("--init", "none"), "sh", "-c", "exit 3").run();
    ended.expect(3);
    // the kernel keeps process 1 from ending itself by a signal
    String killed = "kill -KILL $$; kill -TERM $$; exit 4";
    scratch.wrap(List.of("--init", "none"), "sh", "-c", killed).run().expect(4);
    scratch.wrap("sh", "-c", killed).run().expect(137);
    Outcome unknown = scratch.wrap(List.of("--init", "nonne"), "true").run().expect(125);
    assertTrue(unknown.error().contains("Did you mean none?"), unknown::toString);
  }

  @Test
  void theImagesInitStartsAndStops() throws IOException {
    Scratch.onlyAsRoot(false); // whose own files a sandbox of root's cannot use as a root
    Path root = Layouts.busyboxRoot(Files.createDirectory(scratch.path("root")));
    for (String directory : List.of("run", "sbin")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.createSymbolicLink(root.resolve("sbin/init"), Path.of("../bin/busybox"));
    Files.writeString(
        root.resolve("etc/inittab"),
        """
        ::sysinit:/bin/echo first
        ::once:/bin/sh -c 'echo $container; touch /run/x /tmp/x && echo writable; ps -o pid,comm | grep " 1 init"; \
        sh -c "sleep 0 &"; until ! ps -o stat | grep -q Z; do :; done; echo up'
        ::shutdown:/bin/echo last
        """);
    String policy =
        scratch.policy(
            "\"process\": {\"init\": \"image\", \"stopSignal\": \"usr2\", \"stopGrace\": \"3s\"},"
                + " \"limits\": {\"wallClock\": \"5s\"}");
    Outcome outcome =
        scratch.caisson("run", "--policy", policy, "--rootfs", root.toString(), "/sbin/init").run();
    assertEquals("first\ncaisson\nwritable\n    1 init\nup\nlast\n", outcome.expect(124).text());
    assertTrue(outcome.error().contains("limits.wallClock allows (5000 ms)"), outcome::toString);
  }

  /** tests/vm/check has it run, where version 2 is delegated. */
  @Test
  void systemdIsRefusedWithoutAControlGroupThatItMayWriteTo() throws IOException {
    assumeTrue(
        !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers")),
        "control groups of version 2 may be delegated here");
    Path root = Files.createDirectory(scratch.path("root"));
    Files.createSymbolicLink(
        Files.createDirectory(root.resolve("sbin")).resolve("init"),
        Path.of("../lib/systemd/systemd"));
    Files.createFile(Files.createDirectories(root.resolve("lib/systemd")).resolve("systemd"));
    Outcome outcome =
        scratch
            .caisson("run", "--init", "image", "--rootfs", root.toString(), "/sbin/init")
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("its init is systemd"), outcome::toString);
    assertTrue(outcome.error().contains("or start the service itself"), outcome::toString);
  }

  /** Whoever writes to it learns of it as without a sandbox. */
  @Test
  void aProgramMayCloseItsInput() throws IOException {
    String closing = "caisson wrap -- sh -c 'exec 0<&-; echo closed; exit 3'";
    Outcome outcome = scratch.shell("(yes; echo $? > writer) | " + closing).run().expect(3);
    assertEquals("closed\n", outcome.text());
    assertEquals("141\n", Files.readString(scratch.path("writer")));
  }

  @Test
  void everySignalArrivesOnce() throws IOException, InterruptedException {
    Peer.need(Files.isExecutable(Path.of("/usr/bin/python3")), "/usr/bin/python3 is missing");
    scratch.file(
        "signals.py",
        """
        import signal

        kept = {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}
        signals = [n for n in range(1, 65) if n not in kept]
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        print("ready", flush=True)
        while True:
            number = signal.sigwait(signals)
            print(int(number), flush=True)
        """);
    Process process = scratch.wrap("/usr/bin/python3", "signals.py").start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("ready", out.readLine());
      for (int signal = 1; signal <= 64; signal++) {
        // KILL, CHLD, and what stops and continues the keeper with its payload
        if (!List.of(9, 17, 18, 19, 20, 21, 22).contains(signal) && signal != 32 && signal != 33) {
          Command.of("kill", "-" + signal, Long.toString(process.pid())).run().expect(0);
          assertEquals(Integer.toString(signal), out.readLine());
        }
      }
      // a second one would stand before this
      Command.of("kill", "-USR1", Long.toString(process.pid())).run().expect(0);
      assertEquals("10", out.readLine());
    } finally {
      process.destroyForcibly();
    }
  }

  /** Another user's process is out of reach of signals, and Landlock has a scope for them. */
  @Test
  void termReachesAnotherUserOfARange() throws IOException {
    Peer.need(
        Peer.isRoot() || scratch.caisson("doctor").run().text().contains("a range are there"),
        "no range of subordinate ids");
    String policy =
        scratch.policy(
            "\"process\": {\"user\": \"33\"}, \"namespaces\": {\"user\": \"range\"},"
                + " \"landlock\": true");
    Process process =
        scratch
            .wrap(
                List.of("--policy", policy),
                "sh",
                "-c",
                "trap 'echo got term; exit 7' TERM; id -u; while :; do sleep 0.05; done")
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("33", out.readLine());
      Command.of("kill", "-TERM", Long.toString(process.pid())).run().expect(0);
      assertEquals("got term", out.readLine());
      assertEquals(7, process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void timeEndsWithARequestFirst() throws IOException {
    String settings =
        "\"process\": {\"stopSignal\": \"%s\", \"stopGrace\": \"%s\"}, \"limits\": {\"wallClock\":"
            + " \"1s\"}";
    String catches = "trap 'echo asked; exit 0' USR1 TERM; while :; do sleep 0.05; done";
    for (String signal : List.of("term", "usr1")) {
      String policy = scratch.policy(String.format(settings, signal, "100s"));
      Outcome outcome = scratch.wrap(List.of("--policy", policy), "sh", "-c", catches).run();
      assertEquals("asked\n", outcome.expect(124).text(), outcome::toString);
    }
    String deaf = scratch.policy(String.format(settings, "term", "300ms"));
    String ignores = "trap '' TERM; while :; do sleep 0.05; done";
    scratch.wrap(List.of("--policy", deaf), "sh", "-c", ignores).run().expect(124);
    Outcome atOnce =
        scratch.wrap(List.of("--timeout", "1s"), "sh", "-c", catches).run().expect(124);
    assertEquals("", atOnce.text());
  }

  @Test
  void theEndOfInputArrives() {
    Outcome piped = scratch.wrap("sh", "-c", "cat; echo ended").input("text\n").run();
    assertEquals("text\nended\n", piped.expect(0).text());
    Outcome none = scratch.wrap("cat").run();
    assertEquals("", none.expect(0).text());
  }
}
