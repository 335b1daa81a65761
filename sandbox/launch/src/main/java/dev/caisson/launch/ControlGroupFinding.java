package dev.caisson.launch;

import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.ControlGroupPlace.Kind;
import dev.caisson.launch.ControlGroups.Search;
import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import dev.caisson.policy.HostFacts;
import java.util.EnumSet;
import java.util.Set;

/** Whether limits of memory, swap and processors can be had here. */
final class ControlGroupFinding {
  private static final String NAME = "control groups";

  private ControlGroupFinding() {}

  static Finding of(HostFacts host) {
    Set<Controller> all = EnumSet.allOf(Controller.class);
    ControlGroupPlace place = ControlGroups.find(all, false, Search.SLICES_TOO);
    if (place.parents().keySet().equals(all)) {
      return new Finding(NAME, false, State.OK, found(place), "");
    }
    if (ControlGroups.userBus(host).isPresent()) {
      return new Finding(NAME, false, State.OK, "version 2, by the user's systemd session", "");
    }
    return new Finding(
        NAME,
        false,
        State.NOTE,
        "limits of memory, swap and processors are refused: " + place.lack(),
        place.remedy());
  }

  private static String found(ControlGroupPlace place) {
    return (place.kind() == Kind.LEGACY ? "version 1, in " : "version 2, in ")
        + String.join(", ", place.parents().values().stream().map(Object::toString).toList());
  }
}
