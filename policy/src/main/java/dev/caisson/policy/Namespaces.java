package dev.caisson.policy;

import java.util.Optional;

/**
 * The namespaces of the sandbox (namespaces(7)). User, mount and pid namespaces are always its own.
 *
 * @param user which ids of the host are known inside
 * @param nestedUser whether programs inside may make user namespaces
 * @param ipc whether System V IPC and POSIX message queues are its own; else the caller's
 * @param hostname whether the host name is its own; else the host's, and it cannot be set
 * @param cgroup whether the control groups' root is its own; else the host's paths show
 * @param time how far its clocks are from the host's; empty where they are the host's
 */
public record Namespaces(
    UserMap user,
    boolean nestedUser,
    boolean ipc,
    boolean hostname,
    boolean cgroup,
    Optional<TimeOffsets> time) {
  public Namespaces withUser(UserMap other) {
    return new Namespaces(other, nestedUser, ipc, hostname, cgroup, time);
  }
}
