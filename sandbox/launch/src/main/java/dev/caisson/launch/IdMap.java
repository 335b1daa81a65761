package dev.caisson.launch;

import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;

/** How ids inside relate to ids of the host (user_namespaces(7)). */
public sealed interface IdMap {
  /** The line of uid_map. */
  String uidLine();

  /** The line of gid_map. */
  String gidLine();

  /** Whether both of these ids of the host are known inside. */
  boolean holds(int hostUser, int hostGroup);

  /**
   * One id: the caller.
   *
   * @param uid the caller's user id inside
   * @param gid the caller's group id inside
   */
  record Single(int uid, int gid, int hostUid, int hostGid) implements IdMap {
    @Override
    public String uidLine() {
      return Integer.toUnsignedString(uid) + " " + Integer.toUnsignedString(hostUid) + " 1";
    }

    @Override
    public String gidLine() {
      return Integer.toUnsignedString(gid) + " " + Integer.toUnsignedString(hostGid) + " 1";
    }

    @Override
    public boolean holds(int hostUser, int hostGroup) {
      return hostUser == hostUid && hostGroup == hostGid;
    }
  }

  /** Ids 0 to count - 1 inside are first to first + count - 1 on the host. */
  record Range(int first, int count) implements IdMap {
    @Override
    public String uidLine() {
      return "0 " + first + " " + count;
    }

    @Override
    public String gidLine() {
      return uidLine();
    }

    @Override
    public boolean holds(int hostUser, int hostGroup) {
      return isWithin(hostUser) && isWithin(hostGroup);
    }

    private boolean isWithin(int id) {
      return id >= first && id - first < count;
    }
  }

  /** The caller at an id of its choice and a subordinate range, by newuidmap and newgidmap. */
  record Delegated(DelegatedIds users, DelegatedIds groups) implements IdMap {
    @Override
    public String uidLine() {
      return users.lines();
    }

    @Override
    public String gidLine() {
      return groups.lines();
    }

    @Override
    public boolean holds(int hostUser, int hostGroup) {
      return users.holds(Integer.toUnsignedLong(hostUser))
          && groups.holds(Integer.toUnsignedLong(hostGroup));
    }
  }

  /**
   * The map for this caller and policy: a single id for an ordinary user unless the policy needs
   * more; for root a range, since a process that is root on the host passes the owner's checks on
   * /proc/sys whatever its capabilities.
   *
   * @throws PlanRefusal where this caller cannot have the ids that the policy asks for
   */
  static IdMap of(HostFacts host, EffectivePolicy policy) {
    return new IdChoice(host, policy).choose();
  }
}
