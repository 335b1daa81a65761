package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A policy in which nothing is left to decide: every field present, variables replaced, conditions
 * settled against the host.
 *
 * @param capabilities what the payload keeps; everything else leaves all five sets
 * @param filesystem what is placed inside, parents before children
 * @param ceilings of what it extends: nothing that is changed of it may lie beyond them
 * @param waivers of the audit, none of which has ended
 * @param images whose images run
 */
public record EffectivePolicy(
    String name,
    View view,
    Set<Capability> capabilities,
    SeccompProfile seccomp,
    RootAccess root,
    List<Mount> filesystem,
    ProcView proc,
    List<UnixPath> maskedPaths,
    List<UnixPath> readOnlyPaths,
    Set<Device> devices,
    Network network,
    List<Secret> secrets,
    Limits limits,
    Environment environment,
    ProcessSettings process,
    Landlock landlock,
    Namespaces namespaces,
    boolean unixSockets,
    Set<Protection> bestEffort,
    Optional<ImageTrust> images,
    List<Waiver> waivers,
    List<Ceiling> ceilings) {

  public EffectivePolicy {
    capabilities = Set.copyOf(capabilities);
    filesystem = List.copyOf(filesystem);
    secrets = List.copyOf(secrets);
    maskedPaths = List.copyOf(maskedPaths);
    readOnlyPaths = List.copyOf(readOnlyPaths);
    devices = Set.copyOf(devices);
    waivers = List.copyOf(waivers);
    ceilings = List.copyOf(ceilings);
    bestEffort = Set.copyOf(bestEffort);
  }

  /** This policy with other things placed inside. */
  public EffectivePolicy withFilesystem(List<Mount> mounts) {
    return with(
        mounts,
        maskedPaths,
        network,
        secrets,
        limits,
        environment,
        process,
        unixSockets,
        namespaces);
  }

  public EffectivePolicy withMaskedPaths(List<UnixPath> masked) {
    return with(
        filesystem,
        masked,
        network,
        secrets,
        limits,
        environment,
        process,
        unixSockets,
        namespaces);
  }

  public EffectivePolicy withNetwork(Network other) {
    return with(
        filesystem,
        maskedPaths,
        other,
        secrets,
        limits,
        environment,
        process,
        unixSockets,
        namespaces);
  }

  public EffectivePolicy withEnvironment(Environment other) {
    return with(
        filesystem, maskedPaths, network, secrets, limits, other, process, unixSockets, namespaces);
  }

  public EffectivePolicy withLimits(Limits other) {
    return with(
        filesystem,
        maskedPaths,
        network,
        secrets,
        other,
        environment,
        process,
        unixSockets,
        namespaces);
  }

  public EffectivePolicy withProcess(ProcessSettings other) {
    return with(
        filesystem,
        maskedPaths,
        network,
        secrets,
        limits,
        environment,
        other,
        unixSockets,
        namespaces);
  }

  public EffectivePolicy withUnixSockets(boolean other) {
    return with(
        filesystem, maskedPaths, network, secrets, limits, environment, process, other, namespaces);
  }

  public EffectivePolicy withNamespaces(Namespaces other) {
    return with(
        filesystem,
        maskedPaths,
        network,
        secrets,
        limits,
        environment,
        process,
        unixSockets,
        other);
  }

  /** This policy with every path of the host that it shows, copies or passes changed. */
  public EffectivePolicy withSources(UnaryOperator<UnixPath> change) {
    return with(
        filesystem.stream().map(mount -> mount.withSource(change)).toList(),
        maskedPaths,
        network,
        secrets.stream().map(secret -> secret.withSource(change)).toList(),
        limits,
        environment,
        process,
        unixSockets,
        namespaces);
  }

  private EffectivePolicy with(
      List<Mount> mounts,
      List<UnixPath> masked,
      Network reached,
      List<Secret> passed,
      Limits limited,
      Environment variables,
      ProcessSettings start,
      boolean sockets,
      Namespaces own) {
    return new EffectivePolicy(
        name,
        view,
        capabilities,
        seccomp,
        root,
        mounts,
        proc,
        masked,
        readOnlyPaths,
        devices,
        reached,
        passed,
        limited,
        variables,
        start,
        landlock,
        own,
        sockets,
        bestEffort,
        images,
        waivers,
        ceilings);
  }

  /** What a payload may do to its own root. */
  public enum RootAccess {
    READ_ONLY,
    /** Writes go to a layer in memory that ends with the sandbox. */
    WRITABLE
  }

  /** How much of /proc is shown. */
  public enum ProcView {
    /** As {@link #MASKED}, and other users' processes too. */
    FULL,
    /** hidepid=2, with {@link EffectivePolicy#maskedPaths} and read-only paths applied. */
    MASKED,
    /** subset=pid: the processes and nothing else. */
    PID_ONLY,
    NONE
  }

  /** The character devices that can be listed; each is a bind of the host's node. */
  public enum Device {
    NULL,
    ZERO,
    FULL,
    RANDOM,
    URANDOM,
    TTY
  }

  /**
   * What the payload can use up at the most; a limit that is absent is not set.
   *
   * @param openFiles file descriptors per process (RLIMIT_NOFILE)
   * @param processes processes and threads of the sandbox (RLIMIT_NPROC in its own user namespace)
   * @param fileSize bytes of the largest file (RLIMIT_FSIZE)
   * @param cpuTime seconds of processor time per process (RLIMIT_CPU)
   * @param memory bytes of the whole sandbox
   * @param swap bytes of the whole sandbox that may be swapped out, 0 for none
   * @param cpus thousandths of a processor that the whole sandbox may use
   * @param ioRead bytes a second that the whole sandbox may read from each disk
   * @param ioWrite bytes a second that it may write to each
   * @param wallClock time until the sandbox is ended
   * @param output bytes that it may write to standard output and error together
   * @param tmpfs bytes of each file system in memory, and of a writable root
   */
  public record Limits(
      OptionalLong openFiles,
      OptionalLong processes,
      OptionalLong fileSize,
      OptionalLong cpuTime,
      OptionalLong memory,
      OptionalLong swap,
      OptionalLong cpus,
      OptionalLong ioRead,
      OptionalLong ioWrite,
      Optional<Duration> wallClock,
      OptionalLong output,
      OptionalLong tmpfs) {}

  /**
   * The payload's environment.
   *
   * @param pass names passed from the caller; a name that ends in * is a prefix
   * @param set names set, over what is passed
   * @param read names whose values were used elsewhere in the policy
   */
  public record Environment(List<String> pass, Map<String, UnixPath> set, Set<String> read) {
    public Environment {
      pass = List.copyOf(pass);
      set = Map.copyOf(set);
      read = Set.copyOf(read);
    }

    public Environment(List<String> pass, Map<String, UnixPath> set) {
      this(pass, set, Set.of());
    }
  }

  /**
   * How a payload is asked to end.
   *
   * @param grace time from the signal until the sandbox is ended; zero to end it at once
   */
  public record Stop(StopSignal signal, Duration grace) {}

  /**
   * How the payload starts.
   *
   * @param groups supplementary groups inside
   * @param tty whether a terminal becomes a new one of the sandbox's own; else there is none
   * @param sessionKeyring whether the session keyring is a new one; else the caller's
   * @param rootEmulation what changes of owners and ids seem to do
   * @param init who is the first process that the payload sees
   * @param stop how it is asked to end before it is ended
   */
  public record ProcessSettings(
      User user,
      List<Long> groups,
      Optional<UnixPath> cwd,
      String hostname,
      int umask,
      boolean tty,
      boolean sessionKeyring,
      RootEmulation rootEmulation,
      FirstProcess init,
      Stop stop) {
    public ProcessSettings {
      groups = List.copyOf(groups);
    }

    public ProcessSettings withUser(User other) {
      return new ProcessSettings(
          other, groups, cwd, hostname, umask, tty, sessionKeyring, rootEmulation, init, stop);
    }

    public ProcessSettings withInit(FirstProcess other) {
      return new ProcessSettings(
          user, groups, cwd, hostname, umask, tty, sessionKeyring, rootEmulation, other, stop);
    }

    public ProcessSettings withHostname(String other) {
      return new ProcessSettings(
          user, groups, cwd, other, umask, tty, sessionKeyring, rootEmulation, init, stop);
    }

    public ProcessSettings withCwd(Optional<UnixPath> directory) {
      return new ProcessSettings(
          user, groups, directory, hostname, umask, tty, sessionKeyring, rootEmulation, init, stop);
    }
  }
}
