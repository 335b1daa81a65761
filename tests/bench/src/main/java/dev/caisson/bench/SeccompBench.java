package dev.caisson.bench;

import dev.caisson.json.JsonDocument;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.Reading;
import dev.caisson.policy.seccomp.SeccompCompiler;
import dev.caisson.policy.seccomp.SeccompProfile;
import dev.caisson.policy.seccomp.SyscallTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * moby's default profile in the kernel, compiled by Caisson and by libseccomp: how large the
 * filters are, how long they take to load, and what a call costs under them. Run by {@code
 * tests/bench/run seccomp}; the one argument is the number of rounds.
 */
public final class SeccompBench {
  private static final double LOAD_TARGET = 0.45;
  private static final double CALL_TARGET = 1.05;
  private static final List<String> NAMES = List.of("caisson", "tree", "linear");

  /** Calls whose arguments are checked, that are denied, and that are allowed. */
  private static final List<Call> CALLS =
      List.of(
          new Call("personality(0xffffffff)", "personality", "0xffffffff"),
          new Call("personality(5), denied", "personality", "5"),
          new Call("socket(AF_VSOCK), denied", "socket", "40"),
          new Call("fsmount(), denied", "fsmount", "0"),
          new Call("getpid(), allowed", "getpid", "0"));

  private record Call(String shown, String name, String argument) {
    int number() {
      return SyscallTable.of(Abi.X86_64).number(name).orElseThrow();
    }
  }

  private final PrintStream out = System.out;
  private final FilterTimer timer;
  private final Path directory;
  private final SeccompProfile profile;

  private SeccompBench(FilterTimer timer, Path directory, Path profile) throws IOException {
    this.timer = timer;
    this.directory = directory;
    this.profile =
        SeccompProfile.read(JsonDocument.read(profile.toString(), Files.readAllBytes(profile)));
  }

  public static void main(String[] args) throws IOException {
    if (Architecture.current() != Architecture.X86_64) {
      throw new IllegalStateException("the calls that are timed are x86_64's");
    }
    int rounds = args.length == 0 ? 400 : Integer.parseInt(args[0]);
    Path sources = Path.of(System.getProperty("caisson.sources"));
    Path directory = Files.createTempDirectory("caisson-bench");
    FilterTimer timer =
        FilterTimer.build(sources.resolve("tests/bench/src/main/c/filters.c"), directory, rounds);
    Path profiles = sources.resolve("policy/src/test/resources/seccomp");
    SeccompBench bench = new SeccompBench(timer, directory, profiles.resolve("moby-default.json"));
    bench.run(profiles.resolve("libseccomp.py"));
  }

  private void run(Path libseccomp) throws IOException {
    FilterTarget target =
        new FilterTarget(Abi.X86_64, List.of(), new KernelVersion(6, 18), Set.of(), Reading.STRICT);
    BpfProgram ours = SeccompCompiler.compile(profile.resolve(target));
    BpfProgram tree = Libseccomp.compile(libseccomp, profile, target, 2);
    BpfProgram linear = Libseccomp.compile(libseccomp, profile, target, 1);
    List<Path> files = List.of(file("caisson", ours), file("tree", tree), file("linear", linear));
    size("caisson", ours);
    size("libseccomp's tree", tree);
    size("libseccomp, linear", linear);
    out.println("\nMicroseconds to load, medians; beside libseccomp's tree:");
    List<Double> loads = timer.load(files);
    for (int i = 0; i < loads.size(); i++) {
      line(NAMES.get(i), loads.get(i) / 1000, loads.get(i) / loads.get(1));
    }
    verdict(loads.get(0) / loads.get(1), LOAD_TARGET);
    out.println(
        "\nNanoseconds of a call under Caisson's filter, medians; beside libseccomp's tree:");
    double worst = 0;
    for (Call call : CALLS) {
      List<Double> times = timer.call(call.number(), call.argument(), files);
      line(call.shown(), times.get(0), times.get(0) / times.get(1));
      worst = Math.max(worst, times.get(0) / times.get(1));
    }
    verdict(worst, CALL_TARGET);
  }

  private void size(String name, BpfProgram program) {
    long executed = 0;
    int calls = 0;
    SyscallTable table = SyscallTable.of(Abi.X86_64);
    for (String call : table.names()) {
      int number = table.number(call).orElseThrow();
      executed += BpfSimulator.run(program, Architecture.X86_64, number).executed();
      calls++;
    }
    out.printf(
        Locale.ROOT,
        "%-20s %4d instructions, %6.2f executed on average over %d calls%n",
        name,
        program.instructions().size(),
        (double) executed / calls,
        calls);
  }

  private Path file(String name, BpfProgram program) throws IOException {
    return Files.write(directory.resolve(name + ".bpf"), program.toBytes());
  }

  private void line(String what, double time, double ratio) {
    out.printf(Locale.ROOT, "%-26s %8.2f %8.3f%n", what, time, ratio);
  }

  private void verdict(double ratio, double target) {
    out.printf(
        Locale.ROOT, "Target: at most %.2f: %s%n", target, ratio <= target ? "met" : "MISSED");
  }
}
