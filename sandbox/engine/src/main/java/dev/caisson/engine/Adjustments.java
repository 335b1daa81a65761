package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Mount.Access;
import java.util.List;
import java.util.Optional;

/**
 * What flags change of a policy; the last layer of rules below the ceilings.
 *
 * @param places what stands inside beside the binds
 * @param hostname of the sandbox
 * @param hostEnvironment whether the whole environment of the caller is passed
 * @param init who is process 1 inside, in place of the policy's
 * @param unixSockets whether sockets of the host in what is bound may be reached
 * @param unprotected paths below writable directories that may be changed after all
 */
public record Adjustments(
    List<HostBind> binds,
    List<Mount> places,
    Optional<String> hostname,
    List<Variable> variables,
    boolean hostEnvironment,
    NetworkFlags network,
    LimitFlags limits,
    IdentityFlags identity,
    Optional<FirstProcess> init,
    Optional<UnixPath> workingDirectory,
    boolean unixSockets,
    List<UnixPath> unprotected) {

  /** No flag was given. */
  public static final Adjustments NONE =
      new Adjustments(
          List.of(),
          List.of(),
          Optional.empty(),
          List.of(),
          false,
          NetworkFlags.NONE,
          LimitFlags.NONE,
          IdentityFlags.NONE,
          Optional.empty(),
          Optional.empty(),
          false,
          List.of());

  public Adjustments {
    binds = List.copyOf(binds);
    places = List.copyOf(places);
    variables = List.copyOf(variables);
    unprotected = List.copyOf(unprotected);
  }

  /**
   * A file or directory of the host that is shown.
   *
   * @param source on the host; relative to the current directory
   * @param target inside; the source's own place where it is absent
   */
  public record HostBind(UnixPath source, Optional<UnixPath> target, Access access) {}

  /**
   * A variable of the environment.
   *
   * @param value absent to pass the caller's
   */
  public record Variable(String name, Optional<UnixPath> value) {}
}
