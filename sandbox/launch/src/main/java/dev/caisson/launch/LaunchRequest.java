package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import java.util.List;
import java.util.Map;

/**
 * Everything the planner needs: nothing is read from the host after it.
 *
 * @param command the payload's arguments, argv[0] first
 * @param environment the payload's, final
 * @param runtimeDirectory where the launch may keep private files; absolute and the caller's own
 * @param lockedLayers the layer directories that the keeper holds a lock on while the sandbox lives
 */
public record LaunchRequest(
    EffectivePolicy policy,
    HostFacts host,
    Root root,
    List<UnixPath> command,
    Map<String, UnixPath> environment,
    UnixPath runtimeDirectory,
    List<UnixPath> lockedLayers,
    Mode mode) {

  /** How the program will be started. */
  public enum Mode {
    /** It replaces this process. */
    FOREGROUND,
    /** It is started beside this process, which may end it. */
    SPAWNED,
    /** It is written to a file and started later, by the same user on the same host. */
    COMPILED
  }

  public LaunchRequest {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    lockedLayers = List.copyOf(lockedLayers);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a launch needs a command");
    }
  }
}
