package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.RunningSandbox;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import dev.caisson.launch.SystemCalls.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests/bench's soak does at length: many launches by one JVM leave nothing. */
class ManyLaunchesTest {
  private static final int IN_A_ROW = 300;
  private static final int AT_ONCE = 50;
  private static final long AT_FDCWD = -100;
  private static final long READ_WRITE = 2;
  private static final long CLOSE_ON_EXEC = 0x80000;

  @TempDir Path temporary;

  private PreparedLaunch prepare(String script) {
    return Launches.of(temporary, "untrusted", script);
  }

  @Test
  void oneAfterTheOther() throws IOException {
    try (PreparedLaunch launch = prepare("exit 7")) {
      assertEquals(7, run(launch));
      List<String> before = remains();
      for (int i = 0; i < IN_A_ROW; i++) {
        assertEquals(7, run(launch));
      }
      assertEquals(before, remains());
    }
  }

  private static int run(PreparedLaunch launch) {
    try (Memory path = SystemCalls.string(UnixPath.of("/dev/null"))) {
      int nothing = (int) SystemCalls.call(Syscall.OPENAT, AT_FDCWD, path.address(), READ_WRITE);
      try (RunningSandbox sandbox = launch.spawn(new Streams(nothing, nothing, nothing))) {
        return sandbox.waitFor();
      } finally {
        close(nothing);
      }
    }
  }

  @Test
  void manyAtOnce() throws IOException {
    try (PreparedLaunch launch = prepare("echo; read wait; exit 7")) {
      runAtOnce(launch, 1);
      List<String> before = remains();
      runAtOnce(launch, AT_ONCE);
      assertEquals(before, remains());
    }
  }

  private static void runAtOnce(PreparedLaunch launch, int count) {
    List<RunningSandbox> running = new ArrayList<>();
    try (Memory input = pipe();
        Memory output = pipe();
        Memory line = SystemCalls.allocate(8)) {
      for (int i = 0; i < count; i++) {
        running.add(launch.spawn(new Streams(input.getInt(0), output.getInt(4), 2)));
      }
      close(input.getInt(0));
      close(output.getInt(4));
      // each prints a line and waits for the end of its input: then all of them run
      for (int i = 0; i < count; i++) {
        assertEquals(
            1, SystemCalls.call(Syscall.READ, output.getInt(0), line.address(), 1), "of " + i);
      }
      assertTrue(children() >= count, "they run at once");
      close(input.getInt(4));
      for (RunningSandbox sandbox : running) {
        assertEquals(7, sandbox.waitFor());
      }
      close(output.getInt(0));
    } finally {
      running.forEach(RunningSandbox::close);
    }
  }

  private static Memory pipe() {
    Memory ends = SystemCalls.allocate(8);
    assertEquals(0, SystemCalls.call(Syscall.PIPE2, ends.address(), CLOSE_ON_EXEC));
    return ends;
  }

  private static void close(int descriptor) {
    SystemCalls.call(Syscall.CLOSE, descriptor);
  }

  private static long children() {
    return ProcessHandle.current().children().count();
  }

  /** The files below this test's directory, the mounts and children of this process, its pipes. */
  private List<String> remains() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(temporary)) {
      files
          .map(Path::toString)
          .collect(java.util.stream.Collectors.toCollection(TreeSet::new))
          .forEach(found::add);
    }
    found.add(children() + " children");
    found.add(pipes() + " pipes");
    found.add(
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(temporary.toString()))
                .count()
            + " mounts");
    return found;
  }

  private static long pipes() throws IOException {
    long found = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path each : descriptors.toList()) {
        try {
          found += Files.readSymbolicLink(each).toString().startsWith("pipe:") ? 1 : 0;
        } catch (IOException e) {
          // the descriptor of this very look
          continue;
        }
      }
    }
    return found;
  }
}
