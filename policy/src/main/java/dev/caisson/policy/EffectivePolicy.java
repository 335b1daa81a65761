package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A policy in which nothing is left to decide: every field present, variables replaced, conditions
 * settled against the host.
 *
 * @param capabilities what the payload keeps; everything else leaves all five sets
 * @param filesystem what is placed inside, parents before children
 * @param images the trust document as it was written; signing reads it
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
    Limits limits,
    Environment environment,
    ProcessSettings process,
    boolean landlock,
    boolean nestedUserNamespaces,
    boolean unixSockets,
    Set<Protection> bestEffort,
    Optional<JsonValue> images) {

  public EffectivePolicy {
    capabilities = Set.copyOf(capabilities);
    filesystem = List.copyOf(filesystem);
    maskedPaths = List.copyOf(maskedPaths);
    readOnlyPaths = List.copyOf(readOnlyPaths);
    devices = Set.copyOf(devices);
    bestEffort = Set.copyOf(bestEffort);
  }

  /** This policy with other things placed inside. */
  public EffectivePolicy withFilesystem(List<Mount> mounts) {
    return with(mounts, environment);
  }

  public EffectivePolicy withEnvironment(Environment other) {
    return with(filesystem, other);
  }

  private EffectivePolicy with(List<Mount> mounts, Environment variables) {
    return new EffectivePolicy(
        name,
        view,
        capabilities,
        seccomp,
        root,
        mounts,
        proc,
        maskedPaths,
        readOnlyPaths,
        devices,
        network,
        limits,
        variables,
        process,
        landlock,
        nestedUserNamespaces,
        unixSockets,
        bestEffort,
        images);
  }

  /** What a payload may do to its own root. */
  public enum RootAccess {
    READ_ONLY,
    /** Writes go to a layer in memory that ends with the sandbox. */
    WRITABLE
  }

  /** How much of /proc is shown. */
  public enum ProcView {
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

  /** Whose network the payload sees. */
  public enum Network {
    /** A namespace of its own with nothing but loopback. */
    NONE,
    /** The caller's. */
    HOST
  }

  /** Which id the caller has inside. */
  public enum Identity {
    /** Root inside is the caller outside, as images expect. */
    ROOT,
    /** The caller keeps its own ids. */
    CALLER
  }

  /**
   * What the payload can use up at the most; a limit that is absent is not set.
   *
   * @param openFiles file descriptors per process (RLIMIT_NOFILE)
   * @param processes processes and threads of the sandbox (RLIMIT_NPROC in its own user namespace)
   * @param fileSize bytes of the largest file (RLIMIT_FSIZE)
   * @param cpuTime seconds of processor time per process (RLIMIT_CPU)
   * @param memory bytes of the whole sandbox
   */
  public record Limits(
      OptionalLong openFiles,
      OptionalLong processes,
      OptionalLong fileSize,
      OptionalLong cpuTime,
      OptionalLong memory,
      Optional<Duration> wallClock) {}

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

  /** How the payload starts. */
  public record ProcessSettings(
      Identity identity, Optional<UnixPath> cwd, String hostname, int umask) {}
}
