package dev.caisson.bench;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonDocument;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.launch.HostProbe;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.FilterProver;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.Reading;
import dev.caisson.policy.seccomp.SeccompCompiler;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A policy read and resolved, and moby's profile compiled and proved, in a warm JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class PolicyBenchmark {
  private static final String POLICY =
      """
      {"apiVersion": "caisson/1", "extends": ["untrusted"],
       "filesystem": {"/work": {"bind": "${cwd}"}, "/home/ci": {"tmpfs": "512MiB"}},
       "seccomp": {"deny": ["@keyring"],
         "rules": [{"syscall": "socket", "when": {"family": {"in": ["AF_UNIX", "AF_INET"]}}}],
         "otherwise": {"socket": "deny"}},
       "environment": {"set": {"HOME": "/home/ci"}},
       "limits": {"pids": 512, "wallClock": "10m"}}
      """;

  private final HostFacts host = HostProbe.probe();
  private final SeccompProfile profile = moby();
  private final FilterTarget target =
      new FilterTarget(Abi.X86_64, List.of(), new KernelVersion(6, 18), Set.of(), Reading.STRICT);
  private final FilterRules rules = profile.resolve(target);
  private final BpfProgram filter = SeccompCompiler.compile(rules);
  private final Path directory = directory();
  private final UnixPath policy = UnixPath.of(directory.resolve("policy.json").toString());

  private static SeccompProfile moby() {
    Path file =
        Path.of(
            System.getProperty("caisson.sources"),
            "policy/src/test/resources/seccomp/moby-default.json");
    try {
      return SeccompProfile.read(JsonDocument.read("moby", Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("caisson-bench");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Setup(Level.Trial)
  public void write() throws IOException {
    Files.write(directory.resolve("policy.json"), POLICY.getBytes(StandardCharsets.UTF_8));
  }

  @TearDown(Level.Trial)
  public void remove() throws IOException {
    Files.delete(directory.resolve("policy.json"));
    Files.delete(directory);
  }

  /** A policy that extends a built-in one: files, rules, conditions and variables. */
  @Benchmark
  public EffectivePolicy readAndResolve() {
    return PolicyLoader.load(policy, host.uid(), new HostPolicyFiles()).resolve(View.WRAP, host);
  }

  /** From the profile's rules to a filter. */
  @Benchmark
  public BpfProgram compileMoby() {
    return SeccompCompiler.compile(profile.resolve(target));
  }

  /** The filter against the rules, over every call. */
  @Benchmark
  public FilterProver.Verdict proveMoby() {
    return FilterProver.prove(rules, filter);
  }
}
