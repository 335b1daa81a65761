package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostEntry;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.PrivateDirectory;
import dev.caisson.policy.HostFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Caisson keeps what belongs to one user (XDG base directory specification).
 *
 * @param data images and layers: {@code ~/.local/share/caisson}
 * @param configuration {@code ~/.config/caisson}
 * @param runtime what lives as long as a sandbox: {@code $XDG_RUNTIME_DIR/caisson}, else {@code
 *     ~/.local/state/caisson/run}
 */
public record EngineDirectories(UnixPath data, UnixPath configuration, UnixPath runtime) {
  private static final String NAME = "caisson";

  /** The caller's, by the environment's XDG variables and the home of passwd. */
  public static EngineDirectories of(HostFacts host) {
    return new EngineDirectories(
        base(host, "XDG_DATA_HOME", ".local/share").resolve(NAME),
        base(host, "XDG_CONFIG_HOME", ".config").resolve(NAME),
        sessionRuntime(host)
            .map(directory -> directory.resolve(NAME))
            .orElseGet(() -> base(host, "XDG_STATE_HOME", ".local/state").resolve("caisson/run")));
  }

  /**
   * Makes the data and the runtime directory, mode 0700.
   *
   * @throws dev.caisson.launch.HostRefusal where one cannot be made or another user owns it
   */
  void make(HostFacts host) {
    PrivateDirectory.make(
        data, host.uid(), "Set XDG_DATA_HOME to a directory of yours that can be written to");
    PrivateDirectory.make(
        runtime, host.uid(), "Set XDG_RUNTIME_DIR to a directory of yours that can be written to");
    if (!host.tmpfsUserXattrs()) {
      UnixPath sandboxes = sandboxes(host);
      PrivateDirectory.make(sandboxes, host.uid(), "Make its owner the caller");
      Leftovers.sweep(sandboxes);
    }
  }

  /**
   * What a sandbox's mounts hang from: the runtime directory, or one on disk where the kernel's
   * tmpfs cannot hold what is written to a root.
   */
  UnixPath sandboxes(HostFacts host) {
    return host.tmpfsUserXattrs() ? runtime : data.resolve("containers");
  }

  List<UnixPath> all() {
    return List.of(data, configuration, runtime);
  }

  /** A relative path in such a variable is ignored, as the specification says. */
  private static UnixPath base(HostFacts host, String variable, String belowHome) {
    return absolute(host.environment(), variable).orElseGet(() -> host.home().resolve(belowHome));
  }

  /** After su or sudo the variable may still name another user's directory. */
  private static Optional<UnixPath> sessionRuntime(HostFacts host) {
    return absolute(host.environment(), "XDG_RUNTIME_DIR")
        .filter(
            directory ->
                HostFiles.statusOfTarget(directory)
                    .filter(HostEntry::isDirectory)
                    .filter(status -> status.uid() == host.uid())
                    .isPresent());
  }

  private static Optional<UnixPath> absolute(Map<String, UnixPath> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(UnixPath::isAbsolute);
  }
}
