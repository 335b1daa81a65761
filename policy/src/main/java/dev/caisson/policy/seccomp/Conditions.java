package dev.caisson.policy.seccomp;

import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A profile's {@code includes} or {@code excludes}.
 *
 * @param architectures as OCI platforms name them; none means any
 */
record Conditions(
    List<String> architectures, Set<Capability> capabilities, Optional<KernelVersion> minKernel) {
  static final Conditions NONE = new Conditions(List.of(), Set.of(), Optional.empty());

  Conditions {
    architectures = List.copyOf(architectures);
    capabilities = Set.copyOf(capabilities);
  }

  /** Whether each condition holds; what {@code includes} asks. */
  boolean all(String architecture, KernelVersion kernel, Set<Capability> held) {
    return (architectures.isEmpty() || architectures.contains(architecture))
        && held.containsAll(capabilities)
        && (minKernel.isEmpty() || kernel.compareTo(minKernel.get()) >= 0);
  }

  /** Whether one condition holds; what {@code excludes} asks. */
  boolean any(String architecture, KernelVersion kernel, Set<Capability> held) {
    for (Capability capability : capabilities) {
      if (held.contains(capability)) {
        return true;
      }
    }
    return architectures.contains(architecture)
        || (minKernel.isPresent() && kernel.compareTo(minKernel.get()) >= 0);
  }
}
