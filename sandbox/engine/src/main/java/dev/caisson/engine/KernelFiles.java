package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.util.List;

/**
 * Where the host's kernel shows what no namespace separates: its processes, keys and memory, its
 * firmware, control groups and security modules. No bind shows them.
 */
final class KernelFiles {
  private static final List<UnixPath> PLACES =
      List.of(
          UnixPath.of("/proc"),
          UnixPath.of("/sys/firmware"),
          UnixPath.of("/sys/fs/bpf"),
          UnixPath.of("/sys/fs/cgroup"),
          UnixPath.of("/sys/fs/pstore"),
          UnixPath.of("/sys/fs/selinux"),
          UnixPath.of("/sys/kernel/config"),
          UnixPath.of("/sys/kernel/debug"),
          UnixPath.of("/sys/kernel/security"),
          UnixPath.of("/sys/kernel/tracing"));

  private KernelFiles() {}

  /**
   * Those that a bind of {@code source}, a canonical path, would show with it.
   *
   * @throws EngineRefusal if the source itself lies in one
   */
  static List<UnixPath> below(UnixPath source) {
    for (UnixPath place : PLACES) {
      if (source.startsWith(place)) {
        throw new EngineRefusal(
            "show " + source,
            place + " tells about the whole host and is never shown inside",
            "Leave it out; the sandbox has a /proc of its own");
      }
    }
    return PLACES.stream().filter(place -> place.startsWith(source)).toList();
  }
}
