package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a filter is made for.
 *
 * @param nativeAbi the one that the profile's conditions on architectures are asked of
 * @param compatAbis others that the payload may use
 * @param capabilities what the payload keeps
 */
public record FilterTarget(
    Abi nativeAbi,
    List<Abi> compatAbis,
    KernelVersion kernel,
    Set<Capability> capabilities,
    Reading reading) {
  public FilterTarget {
    compatAbis = List.copyOf(compatAbis);
    capabilities = Set.copyOf(capabilities);
  }

  /** The native ABI of an architecture, alone. */
  public static FilterTarget of(
      Architecture architecture, KernelVersion kernel, Set<Capability> capabilities) {
    return new FilterTarget(Abi.of(architecture), List.of(), kernel, capabilities, Reading.STRICT);
  }

  FilterTarget reading(Reading other) {
    return new FilterTarget(nativeAbi, compatAbis, kernel, capabilities, other);
  }

  List<Abi> abis() {
    List<Abi> all = new ArrayList<>(List.of(nativeAbi));
    all.addAll(compatAbis);
    return all;
  }
}
