package dev.caisson.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.policy.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call of a launch fails in turn, and each process is killed at each call. A failure is one
 * message and a status that says that nothing was run; in every case nothing is left.
 */
class FaultInjectionTest {
  private static final HostFacts HOST =
      HostProbe.probe().withCurrentDirectory(UnixPath.of("/usr/lib"));
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  /** What one launch has in common with those before it is tried once. */
  private static final Set<String> TRIED = new HashSet<>();

  @TempDir Path temporary;

  @BeforeEach
  void open() throws IOException {
    permit(temporary, "rwxr-xr-x");
  }

  @Test
  void ofARootDirectory() throws IOException {
    new FaultTrial(temporary, TRIED)
        .tryEachStep(prepare(rootDirectory(), UnixPath.of("untrusted")).plan());
  }

  @Test
  void ofACommandOfTheHost() throws IOException {
    new FaultTrial(temporary, TRIED)
        .tryEachStep(prepare(hostCommand(), UnixPath.of("untrusted")).plan());
  }

  @Test
  void ofAPrivateNetwork() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/bin/pasta")), "pasta is not installed");
    new FaultTrial(temporary, TRIED)
        .tryEachStep(prepare(rootDirectory(), policy("'network': 'private'")).plan());
  }

  @Test
  void ofSecretsAndLimits() throws IOException {
    Path secret = Files.writeString(temporary.resolve("secret"), "secret");
    new FaultTrial(temporary, TRIED)
        .tryEachStep(
            prepare(
                    rootDirectory(),
                    policy(
                        "'root': 'read-only', 'namespaces': {'time': {'boottime': '1h'}},"
                            + " 'limits': {'wallClock': '10m', 'output': '1MiB'},"
                            + " 'capabilities': {'keep': ['CAP_KILL']},"
                            + (" 'secrets': {'token': {'file': '" + secret + "'}}")))
                .plan());
  }

  @Test
  void ofAControlGroup() throws IOException {
    PreparedLaunch launch =
        prepare(
            rootDirectory(),
            policy(
                "'bestEffort': ['memory-limit', 'swap-limit', 'cpu-limit'],"
                    + " 'limits': {'memory': '64MiB', 'cpus': 1, 'pids': 64}"));
    boolean possible = !launch.request().controlGroup().parents().isEmpty();
    assumeTrue(possible, "no control group can be made here");
    new FaultTrial(temporary, TRIED).tryEachStep(launch.plan());
  }

  @Test
  void ofASubordinateRange() throws IOException {
    boolean listed = Files.readString(Path.of("/etc/subuid")).contains(HOST.user() + ":");
    assumeTrue(HOST.uid() == 0 || listed, "no subordinate ids");
    new FaultTrial(temporary, TRIED)
        .tryEachStep(prepare(rootDirectory(), policy("'namespaces': {'user': 'range'}")).plan());
  }

  private Workload rootDirectory() throws IOException {
    assumeTrue(Files.exists(BUSYBOX), "busybox-static is not installed");
    Path root = Files.createDirectory(temporary.resolve("root"));
    permit(root, "rwxr-xr-x");
    for (String each : List.of("bin", "etc", "proc", "tmp", "dev", "run")) {
      permit(Files.createDirectory(root.resolve(each)), "rwxr-xr-x");
    }
    Files.copy(BUSYBOX, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    return new Workload.Directory(
        UnixPath.of(root.toString()), words("/bin/busybox", "echo", FaultTrial.PRINTED));
  }

  private static Workload hostCommand() {
    return new Workload.HostCommand(
        words("/bin/sh", "-c", "echo " + FaultTrial.PRINTED), false, new Workload.Home.OfPolicy());
  }

  private static List<UnixPath> words(String... words) {
    return Stream.of(words).map(UnixPath::of).toList();
  }

  private UnixPath policy(String settings) throws IOException {
    Path file = temporary.resolve("policy.json");
    String head = "{'apiVersion': 'caisson/1', 'name': 'faults', 'extends': ['untrusted'], ";
    Files.writeString(file, (head + settings + "}").replace('\'', '"'));
    permit(file, "rw-r--r--");
    return UnixPath.of(file.toString());
  }

  private PreparedLaunch prepare(Workload workload, UnixPath policy) {
    return engine().prepare(new Order(workload, policy, Adjustments.NONE), Mode.FOREGROUND);
  }

  private Engine engine() {
    EngineDirectories directories =
        new EngineDirectories(at("data"), at("configuration"), at("run"));
    return Engine.open(directories, new Installation(Optional.empty()), HOST);
  }

  private UnixPath at(String name) {
    return UnixPath.of(temporary.resolve(name).toString());
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
