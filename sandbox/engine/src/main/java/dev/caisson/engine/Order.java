package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;

/**
 * A workload, the policy it is confined by, and what the flags change.
 *
 * @param policy a built-in policy's name, or a file: that has a slash or ends in {@code .json}
 * @param ceilings policies that bound it, besides the standard ones
 * @param result a file that the record of the run is written to; relative to the current directory
 */
public record Order(
    Workload workload,
    UnixPath policy,
    Adjustments adjustments,
    List<UnixPath> ceilings,
    Optional<UnixPath> result) {
  public Order {
    ceilings = List.copyOf(ceilings);
  }

  public Order(Workload workload, UnixPath policy, Adjustments adjustments) {
    this(workload, policy, adjustments, List.of(), Optional.empty());
  }
}
