package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.RunningSandbox;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import dev.caisson.launch.SystemCalls.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox that a Java program asks to end. */
class StopTest {
  private static final long CLOSE_ON_EXEC = 0x80000;
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path temporary;

  private PreparedLaunch prepare(String process, String script) throws IOException {
    Path policy = temporary.resolve("policy.json");
    Files.writeString(
        policy, "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"]" + process + "}");
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
    return Launches.of(temporary, policy.toString(), script);
  }

  /** The status of {@code script}, which prints a line when it is ready to be stopped. */
  private int stopped(String process, String script, Duration grace) throws IOException {
    try (PreparedLaunch launch = prepare(process, script);
        Memory output = SystemCalls.allocate(8);
        Memory line = SystemCalls.allocate(8)) {
      assertEquals(0, SystemCalls.call(Syscall.PIPE2, output.address(), CLOSE_ON_EXEC));
      try (RunningSandbox sandbox = launch.spawn(new Streams(0, output.getInt(4), 2))) {
        SystemCalls.call(Syscall.CLOSE, output.getInt(4));
        assertEquals(1, SystemCalls.call(Syscall.READ, output.getInt(0), line.address(), 1));
        return sandbox.stop(grace);
      } finally {
        SystemCalls.call(Syscall.CLOSE, output.getInt(0));
      }
    }
  }

  @Test
  void aProgramThatEndsInOrderHasItsOwnStatus() throws IOException {
    String script = "trap 'exit 7' TERM; echo; while :; do read wait || sleep 1; done";
    assertEquals(7, stopped("", script, LONG));
  }

  @Test
  void thePolicySaysBySignal() throws IOException {
    String script =
        "trap '' TERM; trap 'exit 9' USR1; echo; while :; do read wait || sleep 1; done";
    assertEquals(9, stopped(", \"process\": {\"stopSignal\": \"usr1\"}", script, LONG));
  }

  @Test
  void aProgramThatWasStoppedIsContinued() throws IOException {
    // the other prints once it is stopped, which process 1's list of states tells
    String script =
        "trap 'exit 7' TERM; (until grep -q '^State:.T' /proc/$$/status; do :; done; echo) &"
            + " kill -STOP $$; while :; do read wait || sleep 1; done";
    assertEquals(7, stopped("", script, LONG));
  }

  /**
   * The kernel's own signal for a parent's death comes when the thread that forked ends (prctl(2)).
   */
  @Test
  void aSandboxOutlivesTheThreadThatStartedIt() throws Exception {
    try (PreparedLaunch launch = prepare("", "echo; read wait; exit 7");
        Memory input = SystemCalls.allocate(8);
        Memory output = SystemCalls.allocate(8);
        Memory line = SystemCalls.allocate(8)) {
      assertEquals(0, SystemCalls.call(Syscall.PIPE2, input.address(), CLOSE_ON_EXEC));
      assertEquals(0, SystemCalls.call(Syscall.PIPE2, output.address(), CLOSE_ON_EXEC));
      CompletableFuture<RunningSandbox> started = new CompletableFuture<>();
      Streams streams = new Streams(input.getInt(0), output.getInt(4), 2);
      Thread thread = new Thread(() -> started.complete(launch.spawn(streams)));
      thread.start();
      thread.join();
      try (RunningSandbox sandbox = started.get()) {
        SystemCalls.call(Syscall.CLOSE, output.getInt(4));
        assertEquals(1, SystemCalls.call(Syscall.READ, output.getInt(0), line.address(), 1));
        SystemCalls.call(Syscall.CLOSE, input.getInt(4));
        assertEquals(7, sandbox.waitFor());
      } finally {
        SystemCalls.call(Syscall.CLOSE, output.getInt(0));
        SystemCalls.call(Syscall.CLOSE, input.getInt(0));
      }
    }
  }

  @Test
  void whatDoesNotEndIsEnded() throws IOException {
    String script = "trap '' TERM; echo; while :; do sleep 1; done";
    assertEquals(137, stopped("", script, Duration.ofMillis(50)));
  }
}
