package dev.caisson.launch;

import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.ControlGroupPlace.Kind;
import dev.caisson.launch.ControlGroups.Search;
import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import dev.caisson.policy.HostFacts;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which limits that need control groups can be had here. */
final class ControlGroupFinding {
  private ControlGroupFinding() {}

  static List<Finding> of(HostFacts host) {
    return List.of(
        of(
            host,
            "control groups",
            EnumSet.of(Controller.MEMORY, Controller.CPU, Controller.PIDS),
            "limits of memory, swap and processors"),
        of(host, "control groups, disks", EnumSet.of(Controller.IO), "limits of disks"));
  }

  private static Finding of(HostFacts host, String name, Set<Controller> wanted, String limits) {
    ControlGroupPlace place = ControlGroups.find(wanted, false, Search.SLICES_TOO);
    if (place.parents().keySet().equals(wanted)) {
      return new Finding(name, false, State.OK, found(place), "");
    }
    if (ControlGroups.userBus(host).isPresent()) {
      return new Finding(
          name, false, State.OK, "version 2, as the user's systemd session hands them on", "");
    }
    return new Finding(
        name, false, State.NOTE, limits + " are refused: " + place.lack(), place.remedy());
  }

  private static String found(ControlGroupPlace place) {
    return (place.kind() == Kind.LEGACY ? "version 1, in " : "version 2, in ")
        + String.join(", ", place.parents().values().stream().map(Object::toString).toList());
  }
}
