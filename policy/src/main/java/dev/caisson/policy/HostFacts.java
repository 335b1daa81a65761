package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Map;

/**
 * What a policy is resolved against. A plain record, so that every decision can be tested for any
 * host; the launch module fills it from the running kernel.
 *
 * @param landlockAbi 0 where Landlock is off (landlock_create_ruleset(2) with VERSION)
 * @param tmpfsUserXattrs whether tmpfs takes user.* attributes (Linux 6.6), which an overlay's
 *     upper directory needs
 * @param today the day in UTC, counted from 1970-01-01
 * @param uid the caller's effective user id
 * @param supplementaryGroups the caller's groups, in the order of getgroups(2)
 * @param user the caller's name from passwd, or the uid in decimal
 * @param home the caller's home from passwd, never from the environment
 * @param environment the caller's environment, by name
 * @param rootLinks the symbolic links in the host's root, by name: {@code bin} to {@code usr/bin}
 */
public record HostFacts(
    Architecture architecture,
    KernelVersion kernel,
    int landlockAbi,
    boolean tmpfsUserXattrs,
    long today,
    int uid,
    int gid,
    List<Integer> supplementaryGroups,
    String user,
    UnixPath home,
    UnixPath currentDirectory,
    Map<String, UnixPath> environment,
    Map<String, UnixPath> rootLinks) {
  public HostFacts {
    supplementaryGroups = List.copyOf(supplementaryGroups);
    environment = Map.copyOf(environment);
    rootLinks = Map.copyOf(rootLinks);
  }

  /** This host, asked from another directory. */
  public HostFacts withCurrentDirectory(UnixPath directory) {
    return new HostFacts(
        architecture,
        kernel,
        landlockAbi,
        tmpfsUserXattrs,
        today,
        uid,
        gid,
        supplementaryGroups,
        user,
        home,
        directory,
        environment,
        rootLinks);
  }

  /** Another host for the same caller. */
  public HostFacts withSystem(
      Architecture otherArchitecture, KernelVersion otherKernel, int abi, boolean userXattrs) {
    return new HostFacts(
        otherArchitecture,
        otherKernel,
        abi,
        userXattrs,
        today,
        uid,
        gid,
        supplementaryGroups,
        user,
        home,
        currentDirectory,
        environment,
        rootLinks);
  }
}
