package dev.caisson.engine.emulate;

import java.util.List;

/**
 * As whom a process seems to run.
 *
 * @param groups its supplementary groups
 */
record Credentials(Ids users, Ids groupIds, List<Integer> groups) {
  Credentials {
    groups = List.copyOf(groups);
  }

  /** What root's capabilities allow: those over ids go and come with the effective id. */
  boolean isPrivileged() {
    return users.effective() == 0;
  }

  /** Whether it may change the owners of files that are not its own. */
  boolean ownsAll() {
    return users.file() == 0;
  }

  boolean isMember(int group) {
    return group == groupIds.file() || groups.contains(group);
  }

  Credentials withUsers(Ids ids) {
    return new Credentials(ids, groupIds, groups);
  }

  Credentials withGroupIds(Ids ids) {
    return new Credentials(users, ids, groups);
  }

  Credentials withGroups(List<Integer> list) {
    return new Credentials(users, groupIds, list);
  }
}
