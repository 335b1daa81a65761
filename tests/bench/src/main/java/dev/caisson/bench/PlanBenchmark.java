package dev.caisson.bench;

import dev.caisson.UnixPath;
import dev.caisson.engine.Adjustments;
import dev.caisson.engine.Engine;
import dev.caisson.engine.EngineDirectories;
import dev.caisson.engine.Installation;
import dev.caisson.engine.Order;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.engine.Workload;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.policy.HostFacts;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a JVM that lives on pays to decide a launch: it does so once for many starts. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class PlanBenchmark {
  private final HostFacts host = HostProbe.probe();
  private final Engine engine =
      Engine.open(EngineDirectories.of(host), Installation.ofProcess(), host);
  private final Order order =
      new Order(
          new Workload.Directory(UnixPath.of("/"), List.of(UnixPath.of("/bin/true"))),
          UnixPath.of("untrusted"),
          Adjustments.NONE);

  /** The policy read and resolved, the view decided, the filter compiled, the steps planned. */
  @Benchmark
  public PreparedLaunch prepare() {
    return engine.prepare(order, Mode.SPAWNED);
  }

  /** The same, and written as an executable file. */
  @Benchmark
  public byte[] prepareAndWrite() {
    return engine.prepare(order, Mode.COMPILED).executable();
  }
}
