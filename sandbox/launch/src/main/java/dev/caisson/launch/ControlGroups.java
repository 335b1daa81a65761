package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.ControlGroupPlace.Kind;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.HostFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * Looks where the caller may make control groups: below a directory of version 2 that is delegated
 * to it, or in its own groups of version 1.
 */
public final class ControlGroups {
  private static final UnixPath MOUNT = UnixPath.of("/sys/fs/cgroup");
  private static final int LONGEST = 1 << 16;

  /** Which directories of version 2 come into question. */
  public enum Search {
    /** Those that a person or a container engine delegated. */
    DELEGATED,
    /** Those of the service manager's own slices too, which it does not expect others in. */
    SLICES_TOO
  }

  private final GroupMembership own;
  private final Set<Controller> wanted;
  private final boolean alone;
  private final Search search;

  private ControlGroups(Set<Controller> wanted, boolean alone, Search search) {
    this.own = GroupMembership.read();
    this.wanted = wanted;
    this.alone = alone;
    this.search = search;
  }

  /** The controllers that limits need; empty where no group is wanted. */
  public static Set<Controller> wantedBy(Limits limits) {
    return GroupLimits.of(limits).wanted();
  }

  /**
   * Where a group with these controllers can be made.
   *
   * @param alone whether this process's group will hold the keeper and no one else, if it holds
   *     this process alone now
   */
  public static ControlGroupPlace find(Set<Controller> wanted, boolean alone, Search search) {
    return new ControlGroups(wanted, alone, search).find();
  }

  private ControlGroupPlace find() {
    if (isUnified()) {
      return unified();
    }
    return own.legacy().keySet().stream().noneMatch(each -> exists(MOUNT.resolve(each.word())))
        ? ControlGroupPlace.none(
            "no control groups are mounted on " + MOUNT,
            "Mount them, as root: mount -t cgroup2 none " + MOUNT)
        : legacy();
  }

  private static boolean isUnified() {
    return HostFiles.status(MOUNT.resolve("cgroup.controllers")).isPresent();
  }

  private ControlGroupPlace unified() {
    Optional<UnixPath> group = own.unified().map(path -> GroupMembership.below(MOUNT, path));
    // in a container without a cgroup namespace that path is the host's
    UnixPath directory = group.filter(ControlGroups::exists).orElse(MOUNT);
    List<ControlGroupPlace> found = new ArrayList<>();
    if (alone && isAlone(directory)) {
      found.add(place(Kind.OWN_SCOPE, directory));
    }
    while (directory.startsWith(MOUNT)) {
      if (mayMakeIn(directory)) {
        found.add(place(Kind.UNIFIED, directory));
      }
      directory = parent(directory);
    }
    // the nearest of those that have most of what is wanted
    return found.stream()
        .max(
            Comparator.comparingInt((ControlGroupPlace each) -> each.parents().size())
                .thenComparing(each -> -found.indexOf(each)))
        .orElseGet(ControlGroups::noneDelegated);
  }

  private static ControlGroupPlace noneDelegated() {
    return ControlGroupPlace.none(
        "no group of version 2 is delegated to this user",
        "Start Caisson from a session of systemd (by ssh or a desktop, not by su), or as: systemd-run"
            + " --user --scope -p Delegate=yes caisson ...");
  }

  private ControlGroupPlace place(Kind kind, UnixPath directory) {
    Map<Controller, UnixPath> parents = new EnumMap<>(Controller.class);
    for (Controller controller : available(directory)) {
      parents.put(controller, directory);
    }
    return new ControlGroupPlace(
        kind,
        parents,
        Optional.of(directory),
        false,
        directory + " has not all controllers",
        "As root, let systemd delegate them: in /etc/systemd/system/user@.service.d/delegate.conf"
            + " write [Service] and Delegate=cpu io memory pids, then log in again");
  }

  private Set<Controller> available(UnixPath directory) {
    Set<Controller> available = EnumSet.noneOf(Controller.class);
    List<String> words = words(directory.resolve("cgroup.controllers"));
    for (Controller controller : wanted) {
      if (words.contains(controller.word())) {
        available.add(controller);
      }
    }
    return available;
  }

  private static boolean exists(UnixPath directory) {
    return HostFiles.status(directory).filter(HostEntry::isDirectory).isPresent();
  }

  /** Delegated to the caller, and this process is the only one in it. */
  private static boolean isAlone(UnixPath directory) {
    return mayUse(directory)
        && words(directory.resolve("cgroup.procs")).equals(List.of(ownNumber()));
  }

  private static String ownNumber() {
    return Long.toString(SystemCalls.call(Syscall.GETPID));
  }

  /** Delegated, and with controllers on or free of processes, so that they can be turned on. */
  private boolean mayMakeIn(UnixPath directory) {
    if (search == Search.DELEGATED && isServiceManagers(directory)) {
      return false;
    }
    Set<String> on = Set.copyOf(words(directory.resolve("cgroup.subtree_control")));
    boolean ready = wanted.stream().allMatch(each -> on.contains(each.word()));
    return mayUse(directory) && (ready || words(directory.resolve("cgroup.procs")).isEmpty());
  }

  private static boolean mayUse(UnixPath directory) {
    return HostFiles.mayWrite(directory)
        && HostFiles.mayWrite(directory.resolve("cgroup.procs"))
        && HostFiles.mayWrite(directory.resolve("cgroup.subtree_control"));
  }

  private static boolean isServiceManagers(UnixPath directory) {
    String name = directory.toString();
    return directory.equals(MOUNT) || name.endsWith(".slice") || name.endsWith(".service");
  }

  private static UnixPath parent(UnixPath directory) {
    byte[] bytes = directory.bytes();
    int end = bytes.length;
    while (end > 1 && bytes[end - 1] != '/') {
      end--;
    }
    return UnixPath.of(Arrays.copyOf(bytes, Math.max(1, end - 1)));
  }

  private ControlGroupPlace legacy() {
    Map<Controller, UnixPath> parents = new EnumMap<>(Controller.class);
    List<String> closed = new ArrayList<>();
    for (Controller controller : wanted) {
      if (controller == Controller.IO) {
        // version 1 has one, which does not see what is written through memory
        continue;
      }
      UnixPath mount = MOUNT.resolve(controller.word());
      UnixPath group =
          Optional.ofNullable(own.legacy().get(controller))
              .map(path -> GroupMembership.below(mount, path))
              .filter(ControlGroups::exists)
              .orElse(mount);
      if (HostFiles.mayWrite(group) && HostFiles.mayWrite(group.resolve("cgroup.procs"))) {
        // a controller may be mounted together with another, and linked
        parents.put(controller, HostFiles.canonical(group).orElse(group));
      } else {
        closed.add(group.toString());
      }
    }
    return new ControlGroupPlace(
        parents.isEmpty() ? Kind.NONE : Kind.LEGACY,
        parents,
        Optional.empty(),
        false,
        closed.isEmpty()
            ? "this host's are of version 1, which "
                + (wanted.isEmpty()
                    ? "no program can be let make groups in"
                    : "sees nothing that is written through memory")
            : "this host's are of version 1, and this user may make none in "
                + String.join(" and ", closed),
        "Use a host with version 2 (systemd.unified_cgroup_hierarchy=1 as a boot parameter), or let"
            + " root make a group for you there and start Caisson in it");
  }

  private static List<String> words(UnixPath file) {
    String text =
        HostFiles.start(file, LONGEST)
            .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
            .orElse("");
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(text);
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  /** The socket of the message bus of the caller's systemd session; empty where there is none. */
  public static Optional<UnixPath> userBus(HostFacts host) {
    UnixPath socket = UnixPath.of("/run/user/" + host.uid() + "/bus");
    return isUnified()
        ? HostFiles.statusOfTarget(socket)
            .filter(entry -> (entry.mode() & Linux.S_IFMT) == Linux.S_IFSOCK)
            .filter(entry -> entry.uid() == host.uid())
            .map(entry -> socket)
        : Optional.empty();
  }

  /**
   * Where groups would be on a host with systemd and version 2, to explain what a launch does
   * there.
   */
  public static ControlGroupPlace supposed(HostFacts host, Set<Controller> wanted) {
    UnixPath directory =
        MOUNT.resolve(
            "user.slice/user-" + host.uid() + ".slice/user@" + host.uid() + ".service/app.slice");
    UnixPath scope = directory.resolve("caisson.scope");
    Map<Controller, UnixPath> parents = new EnumMap<>(Controller.class);
    wanted.forEach(controller -> parents.put(controller, scope));
    return new ControlGroupPlace(Kind.OWN_SCOPE, parents, Optional.of(scope), false, "", "");
  }
}
