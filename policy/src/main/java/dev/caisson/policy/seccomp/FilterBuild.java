package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A step of the build: compiles and proves the filters of the built-in profiles. */
public final class FilterBuild {
  private static final List<KernelVersion> KERNELS =
      List.of(new KernelVersion(5, 12), new KernelVersion(6, 18), new KernelVersion(99, 0));

  private FilterBuild() {}

  /**
   * Writes the filters.
   *
   * @param arguments the directory of the package's classes
   * @throws SeccompRefusal where one cannot be proved, which ends the build
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0], "dev", "caisson", "policy", "seccomp");
    Files.createDirectories(directory.resolve("filters"));
    for (String name : SeccompProfile.BUILT_IN) {
      for (Architecture architecture : Architecture.values()) {
        for (LaunchVariant variant : LaunchVariant.all()) {
          String file = PrebuiltFilter.file(name, Abi.of(architecture), variant);
          byte[] filter = filter(name, architecture, variant).toBytes();
          Files.write(directory.resolve(file), filter);
        }
      }
    }
  }

  /** The filter, which no kernel release may change: it is made once for all of them. */
  private static BpfProgram filter(String name, Architecture architecture, LaunchVariant variant) {
    BpfProgram first = filter(name, architecture, variant, KERNELS.get(0));
    for (KernelVersion kernel : KERNELS) {
      if (!filter(name, architecture, variant, kernel).equals(first)) {
        throw new IllegalStateException(name + " depends on the kernel, as at " + kernel);
      }
    }
    return first;
  }

  private static BpfProgram filter(
      String name, Architecture architecture, LaunchVariant variant, KernelVersion kernel) {
    FilterTarget target = FilterTarget.of(architecture, kernel, Set.of());
    FilterRules rules = SeccompProfile.builtIn(name).resolve(target);
    rules.abis().get(0).requireLaunchable();
    return ProvenFilter.of(variant.of(rules), ProofStore.none()).program();
  }
}
