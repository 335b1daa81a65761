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
import dev.caisson.policy.HostFacts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Times launches of {@code true} side by side. Run by {@code tests/bench/run}; the one argument is
 * the number of rounds.
 */
public final class LaunchBench {
  private static final double TARGET = 0.45;
  private static final List<String> PATH = List.of("PATH=/usr/bin:/bin");

  private final PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
  private final int rounds;
  private final Workplace workplace;
  private final Path root;
  private final Path filter;
  private final Engine engine;

  private LaunchBench(int rounds, Workplace workplace) {
    this.rounds = rounds;
    this.workplace = workplace;
    root = workplace.root("root");
    filter = workplace.make("filter", List.of("seccomp", "compile"), List.of("default"));
    HostFacts host = HostProbe.probe();
    engine = Engine.open(EngineDirectories.of(host), Installation.ofProcess(), host);
  }

  public static void main(String[] args) throws IOException {
    int rounds = args.length == 0 ? 200 : Integer.parseInt(args[0]);
    try (Workplace workplace = new Workplace(Path.of(System.getProperty("caisson.home")))) {
      new LaunchBench(rounds, workplace).run();
    }
  }

  private void run() throws IOException {
    try (PreparedLaunch launch = prepare("/bin/true");
        PreparedLaunch sleeping = prepare("/bin/busybox", "sleep", "60")) {
      Streams streams = nullStreams();
      boolean met = warm(launch, streams);
      cold(launch);
      out.println("\nMemory of a sandbox that runs, besides the payload:");
      boolean small = Footprint.print(out, "streams that are /dev/null", sleeping, streams);
      Path output = Files.createTempFile("caisson-bench", "out");
      Streams file = new Streams(streams.input(), Descriptors.open(output), streams.error());
      small &= Footprint.print(out, "output relayed to a file", sleeping, file);
      Files.delete(output);
      out.printf(
          Locale.ROOT,
          "%nTarget: at most %.2f of bubblewrap with equal flags: %s; under 200 KiB unshared: %s%n",
          TARGET,
          met ? "met" : "MISSED",
          small ? "met" : "MISSED");
    }
  }

  private PreparedLaunch prepare(String... command) {
    List<UnixPath> words = new ArrayList<>();
    for (String word : command) {
      words.add(UnixPath.of(word));
    }
    UnixPath directory = UnixPath.of(root.toString());
    return engine.prepare(
        new Order(
            new Workload.Directory(directory, words), UnixPath.of("untrusted"), Adjustments.NONE),
        Mode.SPAWNED);
  }

  private static Streams nullStreams() {
    int fd = Descriptors.openNull();
    return new Streams(fd, fd, fd);
  }

  /** Returns whether both ways of Caisson met the target. */
  private boolean warm(PreparedLaunch launch, Streams streams) throws IOException {
    Path compiled =
        workplace.make(
            "compiled", List.of("compile"), List.of("--rootfs", root.toString(), "/bin/true"));
    List<String> equal = Bubblewrap.equal(root, launch.request().policy(), "/bin/true");
    describe(equal);
    try (Program peer = new Program(equal, PATH, Optional.of(filter));
        Program plain =
            new Program(Bubblewrap.plain(root, "/bin/true"), PATH, Optional.of(filter));
        Program launcher = program(List.of(compiled.toString()));
        Program bare = program(List.of(root.resolve("bin/true").toString()))) {
      Contest contest =
          new Contest(
              List.of(
                  new Contestant("bubblewrap, equal flags", peer::run),
                  new Contestant("bubblewrap without masks, userns allowed", plain::run),
                  new Contestant("caisson, compiled launcher", launcher::run),
                  new Contestant("caisson, spawned from a warm JVM", () -> spawn(launch, streams)),
                  new Contestant("no sandbox: fork and exec alone", bare::run)));
      List<Samples> results = contest.run(rounds);
      out.println("\nTo launch 'true', " + rounds + " rounds, interleaved:");
      contest.print(out, results);
      double limit = TARGET * results.get(0).medianMillis();
      return results.get(2).medianMillis() <= limit && results.get(3).medianMillis() <= limit;
    }
  }

  private static Program program(List<String> words) {
    return new Program(words, List.of(), Optional.empty());
  }

  private static int spawn(PreparedLaunch launch, Streams streams) {
    try (RunningSandbox sandbox = launch.spawn(streams)) {
      return sandbox.waitFor();
    }
  }

  private void describe(List<String> equal) throws IOException {
    long instructions = Files.size(filter) / 8;
    out.println("Both sides: user, mount, pid, net, ipc, uts and cgroup namespaces, nested user");
    out.println(
        "namespaces refused; the same root directory, /proc with the same paths masked and");
    out.println("read-only, the same six devices, /dev/pts, /dev/shm, mqueue, tmpfs on /tmp and");
    out.println("/run; a new session, no capability, no_new_privs, end with the parent, and the");
    out.println(
        "same seccomp filter of "
            + instructions
            + " instructions ('caisson seccomp compile default').");
    out.println("Only caisson: the root as a writable overlay, nodev on every mount, Landlock, a");
    out.println("session keyring, resource limits, its own /etc/hosts, /etc/hostname and");
    out.println("/etc/resolv.conf, a sealed first process, and it ends when the sandbox is gone.");
    out.println("\nbubblewrap's command:\n  " + String.join(" ", equal));
  }

  private void cold(PreparedLaunch launch) {
    Podman podman = new Podman();
    Optional<List<String>> podmanCommand = podman.command(workplace.root("podman"));
    List<Contestant> contestants = new ArrayList<>();
    List<Program> programs = new ArrayList<>();
    List<String> equal = Bubblewrap.equal(root, launch.request().policy(), "/bin/true");
    add(contestants, programs, "bwrap, equal flags", new Program(equal, PATH, Optional.of(filter)));
    String caisson = workplace.caisson();
    add(contestants, programs, "caisson run hello", own(List.of(caisson, "run", "hello")));
    List<String> directory = List.of(caisson, "run", "--rootfs", root.toString(), "/bin/true");
    add(contestants, programs, "caisson run --rootfs DIR /bin/true", own(directory));
    add(contestants, programs, "caisson wrap -- true", own(List.of(caisson, "wrap", "--", "true")));
    add(contestants, programs, "caisson --version", own(List.of(caisson, "--version")));
    podmanCommand.ifPresent(
        words -> add(contestants, programs, "podman run --rootfs DIR /bin/true", own(words)));
    int coldRounds = Math.max(rounds / 10, 5);
    Contest contest = new Contest(contestants);
    List<Samples> results = contest.run(coldRounds);
    out.println(
        "\nWhole commands, each with a JVM or engine that starts cold, " + coldRounds + " rounds:");
    contest.print(out, results);
    if (podmanCommand.isEmpty()) {
      out.println("  podman cannot run here: " + podman.trouble());
    } else {
      out.println("  podman's command: " + String.join(" ", podmanCommand.get()));
    }
    programs.forEach(Program::close);
  }

  private static void add(
      List<Contestant> contestants, List<Program> programs, String name, Program program) {
    programs.add(program);
    contestants.add(new Contestant(name, program::run));
  }

  /** With this process's own environment. */
  private static Program own(List<String> words) {
    List<String> variables = new ArrayList<>();
    System.getenv().forEach((name, value) -> variables.add(name + "=" + value));
    return new Program(words, variables, Optional.empty());
  }
}
