package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.User;
import dev.caisson.policy.UserMap;
import java.util.List;
import java.util.function.LongPredicate;

/** Chooses how ids inside relate to ids of the host. */
final class IdChoice {
  private static final String ATTEMPTED = "choose the ids of the sandbox";

  private final HostFacts host;
  private final EffectivePolicy policy;
  private final UserMap wanted;
  private final List<Long> groups;

  IdChoice(HostFacts host, EffectivePolicy policy) {
    this.host = host;
    this.policy = policy;
    wanted = policy.namespaces().user();
    groups = policy.process().groups();
  }

  IdMap choose() {
    if (host.uid() == 0) {
      return ofRoot();
    }
    if (wanted == UserMap.SINGLE && !groups.isEmpty()) {
      throw new PlanRefusal(
          ATTEMPTED,
          "the kernel lets no one set groups where one id is mapped, as namespaces.user says",
          "Set namespaces.user to range, or take process.groups out");
    }
    return wanted == UserMap.RANGE || !groups.isEmpty()
        ? delegated()
        : new IdMap.Single((int) uid(), (int) gid(), host.uid(), host.gid());
  }

  private IdMap ofRoot() {
    if (wanted == UserMap.SINGLE) {
      throw new PlanRefusal(
          ATTEMPTED,
          "called by root, the one id would be root's own, which no sandbox has",
          "Run as an ordinary user, or set namespaces.user to range (--userns range)");
    }
    IdMap.Range range = SubordinateIds.ofRoot();
    requireKnown(id -> id < range.count(), id -> id < range.count());
    return range;
  }

  private void requireKnown(LongPredicate users, LongPredicate known) {
    if (policy.process().user() instanceof User.Id id) {
      require(users, "the user", id.uid());
      require(known, "the group", id.gid());
    }
    groups.forEach(group -> require(known, "the group", group));
  }

  private static void require(LongPredicate known, String what, long id) {
    if (!known.test(id)) {
      throw unknown(what, id);
    }
  }

  private static PlanRefusal unknown(String what, long id) {
    return new PlanRefusal(
        ATTEMPTED,
        what + " " + id + " is not among the subordinate ids",
        "Take a smaller number, or give the caller more of them (usermod --add-subuids and"
            + " --add-subgids)");
  }

  private IdMap delegated() {
    requireTools();
    // beside another user's number the caller is root, who builds the view
    boolean other = policy.process().user() instanceof User.Id;
    DelegatedIds users =
        SubordinateIds.of(
            host, "/etc/subuid", other ? 0 : uid(), Integer.toUnsignedLong(host.uid()));
    DelegatedIds known =
        SubordinateIds.of(
            host, "/etc/subgid", other ? 0 : gid(), Integer.toUnsignedLong(host.gid()));
    requireKnown(users::knows, known::knows);
    return new IdMap.Delegated(users, known);
  }

  private static void requireTools() {
    for (String tool : List.of(IdMapSteps.USER_MAPPER, IdMapSteps.GROUP_MAPPER)) {
      if (!HostFiles.mayExecute(UnixPath.of(tool))) {
        throw new PlanRefusal(
            ATTEMPTED,
            "a range of ids needs " + tool + ", which is not there",
            "Install it (Debian: apt install uidmap), or set namespaces.user to single");
      }
    }
  }

  /** What the caller is inside. */
  private long uid() {
    User user = policy.process().user();
    if (user instanceof User.Id id) {
      return id.uid();
    }
    return user instanceof User.Caller ? Integer.toUnsignedLong(host.uid()) : 0;
  }

  private long gid() {
    User user = policy.process().user();
    if (user instanceof User.Id id) {
      return id.gid();
    }
    return user instanceof User.Caller ? Integer.toUnsignedLong(host.gid()) : 0;
  }
}
