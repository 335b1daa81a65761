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
  private final boolean forPrograms;
  private final Optional<UnixPath> bus;

  /**
   * @param forPrograms whether programs are to make groups of their own
   */
  GroupChoice(HostFacts host, Limits limits, boolean forPrograms) {
    this.host = host;
    this.forPrograms = forPrograms;
    wanted = ControlGroups.wantedBy(limits);
    bus = isNeeded() ? ControlGroups.userBus(host) : Optional.empty();
  }

  private boolean isNeeded() {
    return forPrograms || !wanted.isEmpty();
  }

  private ControlGroupPlace shared(ControlGroupPlace place) {
    return forPrograms ? place.withGroupForPrograms() : place;
  }

  /**
   * Finds a place, and makes it ready: what killed sandboxes left there is removed.
   *
   * <p>A scope of systemd's holds this process, so it serves only the launch that takes its place.
   */
  ControlGroupPlace prepare(Mode mode) {
    if (!isNeeded()) {
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
    return shared(place);
  }

  /** Where {@link #prepare} would look, with nothing made or removed. */
  ControlGroupPlace preview() {
    if (!isNeeded()) {
      return ControlGroupPlace.UNNEEDED;
    }
    ControlGroupPlace place = ControlGroups.find(wanted, true, Search.DELEGATED);
    if (lacks(place) && bus.isPresent()) {
      return supposed();
    }
    return shared(
        lacks(place) ? better(place, ControlGroups.find(wanted, true, Search.SLICES_TOO)) : place);
  }

  /** Where it would be on a host that has all of it. */
  ControlGroupPlace supposed() {
    return shared(ControlGroups.supposed(host, wanted));
  }

  private boolean lacks(ControlGroupPlace place) {
    return !place.parents().keySet().containsAll(wanted)
        || (forPrograms && place.unified().isEmpty());
  }

  private static ControlGroupPlace better(ControlGroupPlace one, ControlGroupPlace other) {
    boolean more = other.parents().size() > one.parents().size();
    return more || (one.unified().isEmpty() && other.unified().isPresent()) ? other : one;
  }
}
