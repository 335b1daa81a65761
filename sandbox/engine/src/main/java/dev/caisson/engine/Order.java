package dev.caisson.engine;

import dev.caisson.UnixPath;

/**
 * A workload, the policy it is confined by, and what the flags change.
 *
 * @param policy a built-in policy's name, or a file: that has a slash or ends in {@code .json}
 */
public record Order(Workload workload, UnixPath policy, Adjustments adjustments) {}
