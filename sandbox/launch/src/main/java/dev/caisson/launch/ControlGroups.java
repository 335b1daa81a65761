package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import java.nio.charset.StandardCharsets;

/** Whether the caller may make control groups (cgroups(7)); nothing rests on them yet. */
final class ControlGroups {
  private static final String MOUNT = "/sys/fs/cgroup";

  private ControlGroups() {}

  static Finding finding() {
    boolean unified = HostFiles.status(UnixPath.of(MOUNT + "/cgroup.controllers")).isPresent();
    String own = ownGroup();
    boolean delegated =
        unified && !own.isEmpty() && HostFiles.mayWrite(UnixPath.of(MOUNT + own + "/cgroup.procs"));
    if (delegated) {
      return new Finding("control groups", false, State.OK, "version 2, delegated: " + own, "");
    }
    return new Finding(
        "control groups",
        false,
        State.NOTE,
        unified ? "version 2, but not delegated to this user" : "no unified hierarchy in " + MOUNT,
        "Nothing to do: this version makes none, and limits no memory by them");
  }

  /** The path after "0::" in /proc/self/cgroup. */
  private static String ownGroup() {
    return HostFiles.start(UnixPath.of("/proc/self/cgroup"), 1 << 14)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .flatMap(text -> text.lines().filter(line -> line.startsWith("0::")).findFirst())
        .map(line -> line.substring(3))
        .orElse("");
  }
}
