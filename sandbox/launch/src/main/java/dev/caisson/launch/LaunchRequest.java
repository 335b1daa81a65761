package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.seccomp.ProofStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a launch is planned from.
 *
 * @param command the payload's arguments, its program first; a program without a slash is looked
 *     for along PATH inside
 * @param environment the payload's, complete
 * @param runtimeDirectory a directory of the caller that the sandbox's own mounts hang from
 * @param lockedLayers directories to hold a shared lock on for as long as the sandbox lives
 * @param proofs of seccomp filters, made at earlier launches
 * @param controlGroup where the sandbox's control group is made, if the policy needs one
 * @param connection of a private network
 * @param result where the record of the run is written
 * @param notification calls that this process answers while the sandbox runs; only where it spawns
 */
public record LaunchRequest(
    EffectivePolicy policy,
    HostFacts host,
    Root root,
    List<UnixPath> command,
    Map<String, UnixPath> environment,
    UnixPath runtimeDirectory,
    List<UnixPath> lockedLayers,
    ProofStore proofs,
    ControlGroupPlace controlGroup,
    Connection connection,
    Mode mode,
    Optional<ResultFile> result,
    Optional<Notification> notification) {
  /** How the program will be started. */
  public enum Mode {
    /** In place of the process that planned it. */
    FOREGROUND,
    /** As a child of a process that lives on. */
    SPAWNED,
    /** From a file, at any time and without a JVM. */
    COMPILED
  }

  public LaunchRequest {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    lockedLayers = List.copyOf(lockedLayers);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a launch needs a command");
    }
    if (notification.isPresent() && mode != Mode.SPAWNED) {
      throw new IllegalArgumentException("a launch that is supervised is spawned");
    }
  }
}
