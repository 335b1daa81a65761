package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.LaunchRequest.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Launches by an engine of its own, which keeps everything below one directory. */
final class Launches {
  private Launches() {}

  /** A script of the host's shell, to be spawned. */
  static PreparedLaunch of(Path directory, String policy, String script) {
    EngineDirectories directories =
        new EngineDirectories(
            at(directory, "data"), at(directory, "configuration"), at(directory, "run"));
    List<UnixPath> command = Stream.of("/bin/sh", "-c", script).map(UnixPath::of).toList();
    return Engine.open(
            directories,
            new Installation(Optional.empty()),
            HostProbe.probe().withCurrentDirectory(UnixPath.of("/usr/lib")))
        .prepare(
            new Order(
                new Workload.HostCommand(command, false, new Workload.Home.OfPolicy()),
                UnixPath.of(policy),
                Adjustments.NONE),
            Mode.SPAWNED);
  }

  private static UnixPath at(Path directory, String name) {
    return UnixPath.of(directory.resolve(name).toString());
  }
}
