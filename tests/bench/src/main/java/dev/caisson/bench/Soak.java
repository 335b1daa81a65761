package dev.caisson.bench;

import dev.caisson.UnixPath;
import dev.caisson.engine.Adjustments;
import dev.caisson.engine.Engine;
import dev.caisson.engine.EngineDirectories;
import dev.caisson.engine.Installation;
import dev.caisson.engine.Order;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.engine.Workload;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.RunningSandbox;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import dev.caisson.launch.SystemCalls.Memory;
import dev.caisson.policy.HostFacts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Many launches one after the other and many at once, by one JVM. Run by {@code tests/bench/run};
 * the arguments are how many in a row, and how many at once. Ends with status 1 where a launch
 * failed or something is left.
 */
public final class Soak {
  private static final int REPORTS = 10;

  private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
  private final Path root;
  private final Engine engine;
  private boolean failed;

  private Soak(Workplace workplace) {
    root = workplace.root("root");
    HostFacts host = HostProbe.probe();
    engine = Engine.open(EngineDirectories.of(host), Installation.ofProcess(), host);
  }

  public static void main(String[] args) {
    int inRow = args.length < 1 ? 10_000 : Integer.parseInt(args[0]);
    int atOnce = args.length < 2 ? 500 : Integer.parseInt(args[1]);
    boolean failed;
    try (Workplace workplace = new Workplace(Path.of(System.getProperty("caisson.home")))) {
      Soak soak = new Soak(workplace);
      soak.run(inRow, atOnce);
      failed = soak.failed;
    }
    System.exit(failed ? 1 : 0);
  }

  private void run(int inRow, int atOnce) {
    try (PreparedLaunch one = prepare("/bin/true");
        PreparedLaunch waiting = prepare("/bin/busybox", "sh", "-c", "echo; exec cat")) {
      int nothing = Descriptors.openNull();
      Streams streams = new Streams(nothing, nothing, nothing);
      // what is made once is no leak
      inRow(one, streams, inRow / REPORTS);
      atOnce(waiting, 1);
      Remains before = Remains.now();
      out.println("Before:                 " + before);
      for (int i = 1; i <= REPORTS; i++) {
        inRow(one, streams, inRow / REPORTS);
        out.printf("After %5d in a row:    %s%n", inRow / REPORTS * i, Remains.now());
      }
      atOnce(waiting, atOnce);
      Remains after = Remains.now();
      out.printf("After %5d at once:     %s%n", atOnce, after);
      failed |= !after.isNoMoreThan(before);
    }
    out.println(failed ? "FAILED" : "Every launch succeeded; nothing is left.");
  }

  private PreparedLaunch prepare(String... command) {
    UnixPath directory = UnixPath.of(root.toString());
    Workload workload =
        new Workload.Directory(directory, Stream.of(command).map(UnixPath::of).toList());
    return engine.prepare(
        new Order(workload, UnixPath.of("untrusted"), Adjustments.NONE), Mode.SPAWNED);
  }

  private void inRow(PreparedLaunch launch, Streams streams, int count) {
    for (int i = 0; i < count; i++) {
      try (RunningSandbox sandbox = launch.spawn(streams)) {
        failed |= sandbox.waitFor() != 0;
      }
    }
  }

  /** Starts {@code count} that all wait, until each has printed a line; then lets them end. */
  private void atOnce(PreparedLaunch launch, int count) {
    Deque<RunningSandbox> running = new ArrayDeque<>();
    Map<String, Integer> refusals = new TreeMap<>();
    try (Memory input = SystemCalls.allocate(8);
        Memory output = SystemCalls.allocate(8);
        Memory line = SystemCalls.allocate(8)) {
      SystemCalls.call(Syscall.PIPE2, input.address(), 0x80000);
      SystemCalls.call(Syscall.PIPE2, output.address(), 0x80000);
      int error = Descriptors.openNull();
      Streams streams = new Streams(input.getInt(0), output.getInt(4), error);
      for (int i = 0; i < count; i++) {
        running.add(launch.spawn(streams));
      }
      close(input.getInt(0));
      close(output.getInt(4));
      int started = 0;
      while (started < count
          && SystemCalls.call(Syscall.READ, output.getInt(0), line.address(), 1) == 1) {
        started++;
      }
      out.println(started + " at once");
      close(input.getInt(4));
      for (RunningSandbox sandbox : running) {
        try (sandbox) {
          failed |= sandbox.waitFor() != 0;
        } catch (RunningSandbox.LaunchFailed e) {
          refusals.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
        }
      }
      close(output.getInt(0));
      close(error);
    }
    failed |= !refusals.isEmpty();
    refusals.forEach((message, times) -> out.println(times + " times: " + message));
  }

  private static void close(int descriptor) {
    SystemCalls.call(Syscall.CLOSE, descriptor);
  }
}
