package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import dev.caisson.policy.seccomp.ProofStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans a policy that is written as a user would, for this host or another. */
final class PlannedPolicy {
  private final Path directory;
  private final List<String> bestEffort;
  private HostFacts host = HostProbe.probe();
  private ControlGroupPlace controlGroup = ControlGroupPlace.UNNEEDED;
  private Connection connection = Connection.NONE;
  private LaunchRequest.Mode mode = LaunchRequest.Mode.FOREGROUND;

  /**
   * @param directory where the policy's file can be written
   * @param bestEffort what it can do without, besides Landlock
   */
  PlannedPolicy(Path directory, String... bestEffort) {
    this.directory = directory;
    this.bestEffort = List.of(bestEffort);
  }

  /** For the caller with these ids. */
  PlannedPolicy as(int uid, int gid) {
    host =
        new HostFacts(
            host.architecture(),
            host.kernel(),
            host.landlockAbi(),
            host.tmpfsUserXattrs(),
            host.today(),
            uid,
            gid,
            List.of(),
            "user",
            UnixPath.of("/home/user"),
            host.currentDirectory(),
            Map.of(),
            host.rootLinks());
    return this;
  }

  /** On a kernel with this ABI of Landlock. */
  PlannedPolicy landlock(int abi) {
    host = host.withSystem(host.architecture(), host.kernel(), abi, host.tmpfsUserXattrs());
    return this;
  }

  PlannedPolicy in(ControlGroupPlace place) {
    controlGroup = place;
    return this;
  }

  PlannedPolicy by(Connection other) {
    connection = other;
    return this;
  }

  PlannedPolicy mode(LaunchRequest.Mode other) {
    mode = other;
    return this;
  }

  /** The policy that has {@code members} besides its version, for a root file system. */
  LaunchPlan plan(String members) throws IOException {
    return Planner.plan(request(members));
  }

  PlannedCalls calls(String members) throws IOException {
    return new PlannedCalls(plan(members).program());
  }

  /** The lines of the listing that do {@code what}. */
  List<String> lines(String members, String what) throws IOException {
    return Listing.of(plan(members).program())
        .lines()
        .filter(line -> line.endsWith("# " + what))
        .map(line -> line.substring(8, line.indexOf("  # ")).strip())
        .toList();
  }

  private LaunchRequest request(String members) throws IOException {
    return new LaunchRequest(
        policy(members),
        host,
        new Root.HostView(),
        List.of(UnixPath.of("/bin/sh")),
        Map.of(),
        UnixPath.of("/run/user/1000/caisson"),
        List.of(),
        ProofStore.none(),
        controlGroup,
        connection,
        mode,
        Optional.empty(),
        Optional.empty());
  }

  private EffectivePolicy policy(String members) throws IOException {
    Path file = directory.resolve("p.json");
    Files.writeString(
        file,
        "{\"apiVersion\": \"caisson/1\", \"bestEffort\": [\"landlock\""
            + String.join("", bestEffort.stream().map(word -> ", \"" + word + "\"").toList())
            + "]"
            + (members.isEmpty() ? "" : ", " + members)
            + "}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    int owner = (int) SystemCalls.call(Syscall.GETEUID);
    return PolicyLoader.load(UnixPath.of(file.toString()), owner, new HostPolicyFiles())
        .resolve(View.IMAGE, host);
  }
}
