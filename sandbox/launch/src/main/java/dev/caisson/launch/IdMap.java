package dev.caisson.launch;

import dev.caisson.policy.HostFacts;
import dev.caisson.policy.User;

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
      return uid + " " + hostUid + " 1";
    }

    @Override
    public String gidLine() {
      return gid + " " + hostGid + " 1";
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

  /**
   * The map for this caller: a single id for an ordinary user; for root a range, since a process
   * that is root on the host passes the owner's checks on /proc/sys whatever its capabilities.
   */
  static IdMap of(HostFacts host, User user) {
    if (host.uid() == 0) {
      return SubordinateIds.ofRoot();
    }
    return user instanceof User.Caller
        ? new Single(host.uid(), host.gid(), host.uid(), host.gid())
        : new Single(0, 0, host.uid(), host.gid());
  }
}
