package dev.caisson.policy.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The filters of the built-in profiles for a payload without capabilities, compiled and proved in
 * the build ({@link FilterBuild}), so that a launch only reads them.
 */
final class PrebuiltFilter {
  private PrebuiltFilter() {}

  /** Whether the build's filters are those of {@code target}; they are the same on every kernel. */
  static boolean isMadeFor(FilterTarget target) {
    return target.compatAbis().isEmpty()
        && target.capabilities().isEmpty()
        && target.reading() == Reading.STRICT;
  }

  /** The file of a filter, within the package. */
  static String file(String profile, Abi abi, LaunchVariant variant) {
    return "filters/" + profile + "-" + variant.word() + "-" + abi.kernelName() + ".bpf";
  }

  /** The filter; empty where the build made none for the ABI. */
  static Optional<BpfProgram> read(String profile, Abi abi, LaunchVariant variant) {
    String file = file(profile, abi, variant);
    try (InputStream in = PrebuiltFilter.class.getResourceAsStream(file)) {
      return in == null
          ? Optional.empty()
          : Optional.of(BpfProgram.of(in.readAllBytes(), abi.byteOrder()));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
