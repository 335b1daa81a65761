package dev.caisson.engine;

import dev.caisson.policy.EffectivePolicy.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What flags say of limits, each in place of the policy's.
 *
 * @param memory bytes of the whole sandbox
 * @param cpus thousandths of a processor
 * @param processes processes and threads
 * @param wallClock time until the sandbox is ended
 */
public record LimitFlags(
    OptionalLong memory, OptionalLong cpus, OptionalLong processes, Optional<Duration> wallClock) {
  /** No flag was given. */
  public static final LimitFlags NONE =
      new LimitFlags(
          OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  /** The limits that the flags make of {@code policy}'s. */
  Limits over(Limits policy) {
    return new Limits(
        policy.openFiles(),
        processes.isPresent() ? processes : policy.processes(),
        policy.fileSize(),
        policy.cpuTime(),
        memory.isPresent() ? memory : policy.memory(),
        policy.swap(),
        cpus.isPresent() ? cpus : policy.cpus(),
        policy.ioRead(),
        policy.ioWrite(),
        wallClock.or(policy::wallClock),
        policy.output(),
        policy.tmpfs());
  }
}
