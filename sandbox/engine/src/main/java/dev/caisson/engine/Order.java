package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.util.List;

/**
 * A workload, the policy it is confined by, and what the flags change.
 *
 * @param policy a built-in policy's name, or a file: that has a slash or ends in {@code .json}
 * @param ceilings policies that bound it, besides the standard ones
 */
public record Order(
    Workload workload, UnixPath policy, Adjustments adjustments, List<UnixPath> ceilings) {
  public Order {
    ceilings = List.copyOf(ceilings);
  }

  public Order(Workload workload, UnixPath policy, Adjustments adjustments) {
    this(workload, policy, adjustments, List.of());
  }
}
