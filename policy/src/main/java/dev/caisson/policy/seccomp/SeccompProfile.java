package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A seccomp profile in the format of the OCI runtime specification, with moby's {@code includes},
 * {@code excludes} and {@code archMap}. One key is Caisson's own: {@code knownThrough}, the kernel
 * release up to which the author knew the calls.
 *
 * <p>{@code SeccompProfile.builtIn("default").resolve(arch, kernel, caps)} gives {@link
 * SeccompRules}, {@link SeccompCompiler#compile} its filter.
 *
 * @param name the file or built-in name, for messages
 * @param warnings what was accepted but deserves a look, each with its place
 */
public record SeccompProfile(
    String name,
    SeccompAction defaultAction,
    Optional<KernelVersion> knownThrough,
    List<Entry> entries,
    List<JsonProblem> warnings) {
  /** The profiles that come with Caisson. */
  public static final List<String> BUILT_IN = List.of("default", "strict", "developer");

  public SeccompProfile {
    entries = List.copyOf(entries);
    warnings = List.copyOf(warnings);
  }

  /** Rules under conditions: one of the profile's {@code syscalls}. */
  public record Entry(List<SyscallRule> rules, Conditions includes, Conditions excludes) {
    public Entry {
      rules = List.copyOf(rules);
    }
  }

  /**
   * Reads a profile.
   *
   * @throws SeccompRefusal that lists every mistake in the document
   */
  public static SeccompProfile read(JsonDocument document) {
    List<JsonProblem> problems = new ArrayList<>(document.problems());
    Optional<SeccompProfile> profile =
        document.root().isEmpty()
            ? Optional.empty()
            : read(document.source(), document.root().get(), "$", problems);
    if (!problems.isEmpty() || profile.isEmpty()) {
      throw SeccompRefusal.of(document.source(), problems);
    }
    return profile.get();
  }

  /**
   * Reads a profile that stands within another document.
   *
   * @param name how messages call it
   * @param path where {@code value} stands, {@code $.seccomp.profile} for instance
   * @param problems every mistake is added here
   * @return empty where a mistake was added
   */
  public static Optional<SeccompProfile> read(
      String name, JsonValue value, String path, List<JsonProblem> problems) {
    return new ProfileReader(name, problems).profile(value, path);
  }

  /**
   * The profile of that name that comes with Caisson.
   *
   * @throws SeccompRefusal where there is none
   */
  public static SeccompProfile builtIn(String name) {
    if (!BUILT_IN.contains(name)) {
      throw new SeccompRefusal(
          "use the seccomp profile " + name,
          "no profile of that name comes with Caisson",
          "Use one of " + String.join(", ", BUILT_IN) + ", or a file");
    }
    byte[] bytes =
        TableLines.resource("seccomp/" + name + ".json").getBytes(StandardCharsets.ISO_8859_1);
    return read(JsonDocument.read(name, bytes));
  }

  /**
   * What the profile says on one host.
   *
   * @param capabilities what the payload keeps
   * @throws SeccompRefusal where two rules give the same call two errnos
   */
  public SeccompRules resolve(
      Architecture architecture, KernelVersion kernel, Set<Capability> capabilities) {
    List<SyscallRule> layer = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.includes.all(architecture.ociName(), kernel, capabilities)
          && !entry.excludes.any(architecture.ociName(), kernel, capabilities)) {
        layer.addAll(entry.rules);
      }
    }
    SyscallTable table = SyscallTable.of(architecture);
    return new SeccompRules(name, table, defaultAction, knownThrough, List.of(layer));
  }
}
