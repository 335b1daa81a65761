package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace;
import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.ControlGroups;
import dev.caisson.launch.ControlGroups.Search;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.LeftGroups;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.HostFacts;
import java.util.Optional;
import java.util.Set;

/** Chooses where a sandbox's control group is made, if its limits need one. */
final class GroupChoice {
  private final HostFacts host;
  private final Set<Controller> wanted;
  private final Optional<UnixPath> bus;

  GroupChoice(HostFacts host, Limits limits) {
    this.host = host;
    wanted = ControlGroups.wantedBy(limits);
    bus = wanted.isEmpty() ? Optional.empty() : ControlGroups.userBus(host);
  }

  /**
   * Finds a place, and makes it ready: what killed sandboxes left there is removed.
   *
   * <p>A scope of systemd's holds this process, so it serves only the launch that takes its place.
   */
  ControlGroupPlace prepare(Mode mode) {
    if (wanted.isEmpty()) {
      return ControlGroupPlace.UNNEEDED;
    }
    boolean foreground = mode == Mode.FOREGROUND;
    ControlGroupPlace place = ControlGroups.find(wanted, foreground, Search.DELEGATED);
    if (lacks(place) && foreground && bus.isPresent()) {
      UserScope.enter(bus.get(), host.uid());
      place = ControlGroups.find(wanted, true, Search.DELEGATED);
    }
    if (lacks(place)) {
      place = better(place, ControlGroups.find(wanted, foreground, Search.SLICES_TOO));
    }
    LeftGroups.remove(place);
    return place;
  }

  /** Where {@link #prepare} would look, with nothing made or removed. */
  ControlGroupPlace preview() {
    if (wanted.isEmpty()) {
      return ControlGroupPlace.UNNEEDED;
    }
    ControlGroupPlace place = ControlGroups.find(wanted, true, Search.DELEGATED);
    if (lacks(place) && bus.isPresent()) {
      return supposed();
    }
    return lacks(place)
        ? better(place, ControlGroups.find(wanted, true, Search.SLICES_TOO))
        : place;
  }

  /** Where it would be on a host that has all of it. */
  ControlGroupPlace supposed() {
    return ControlGroups.supposed(host, wanted);
  }

  private boolean lacks(ControlGroupPlace place) {
    return !place.parents().keySet().containsAll(wanted);
  }

  private static ControlGroupPlace better(ControlGroupPlace one, ControlGroupPlace other) {
    return other.parents().size() > one.parents().size() ? other : one;
  }
}
