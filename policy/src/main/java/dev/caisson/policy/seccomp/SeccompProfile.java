package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A seccomp profile in the format of the OCI runtime specification, with moby's {@code includes},
 * {@code excludes} and {@code archMap}. One key is Caisson's own: {@code knownThrough}, the kernel
 * release up to which the author knew the calls.
 *
 * <p>{@code SeccompProfile.builtIn("default").resolve(arch, kernel, caps)} gives {@link
 * SeccompRules}, {@link SeccompCompiler#compile} its filter.
 */
public final class SeccompProfile {
  /** The profiles that come with Caisson. */
  public static final List<String> BUILT_IN = List.of("default", "strict", "developer");

  private final String name;
  private final boolean builtIn;
  private final List<List<CallRule>> onTop;
  private final Set<Abi> compatAbis;

  /** Of a built-in profile empty until it is asked for: its filters lie ready. */
  private Optional<Content> content;

  /** What stands in a profile. */
  record Content(
      SeccompAction defaultAction,
      Optional<KernelVersion> knownThrough,
      List<Entry> entries,
      List<JsonProblem> warnings) {
    Content {
      entries = List.copyOf(entries);
      warnings = List.copyOf(warnings);
    }
  }

  private SeccompProfile(
      String name,
      boolean builtIn,
      Optional<Content> content,
      List<List<CallRule>> onTop,
      Set<Abi> compatAbis) {
    this.name = name;
    this.builtIn = builtIn;
    this.content = content;
    this.onTop = List.copyOf(onTop);
    this.compatAbis = Set.copyOf(compatAbis);
  }

  /** The file or built-in name, for messages. */
  public String name() {
    return name;
  }

  /** Whether it comes with Caisson and nothing was laid on top. */
  boolean isPlainBuiltIn() {
    return builtIn && onTop.isEmpty() && compatAbis.isEmpty();
  }

  /** Later layers, each of which decides what its rules match, the last one first of all. */
  public List<List<CallRule>> onTop() {
    return onTop;
  }

  /** The calls of which policies say that a supervisor is told, some or all of them. */
  public Set<String> notified() {
    Set<String> calls = new TreeSet<>();
    for (List<CallRule> layer : onTop) {
      for (CallRule rule : layer) {
        if (rule.then() instanceof SeccompAction.Notify) {
          calls.add(rule.call());
        }
      }
    }
    return calls;
  }

  /** The compat ABIs that a policy lets in, where the host's kernel has them. */
  public Set<Abi> compatAbis() {
    return compatAbis;
  }

  List<Entry> entries() {
    return content().entries();
  }

  /** What was accepted but deserves a look, each with its place. */
  public List<JsonProblem> warnings() {
    return content().warnings();
  }

  /**
   * This profile with what policies lay on top.
   *
   * @param layers a later one decides what its rules match, whatever the earlier ones say
   * @param compat other ABIs than the native one
   */
  public SeccompProfile with(List<List<CallRule>> layers, Set<Abi> compat) {
    List<List<CallRule>> all = new ArrayList<>(onTop);
    layers.forEach(layer -> all.add(List.copyOf(layer)));
    return new SeccompProfile(name, builtIn, content, all, compat);
  }

  /** This profile, of an author who knew the calls up to {@code release}. */
  public SeccompProfile knownThrough(KernelVersion release) {
    Content known = content();
    return new SeccompProfile(
        name,
        false,
        Optional.of(
            new Content(
                known.defaultAction(), Optional.of(release), known.entries(), known.warnings())),
        onTop,
        compatAbis);
  }

  /** A schema of what {@link #read} takes as a profile; {@code $defs} must hold a {@code call}. */
  public static JsonSchema schema() {
    return ProfileSchema.whole();
  }

  /** A schema of the names of calls. */
  public static JsonSchema callSchema() {
    return JsonSchema.oneOf(KnownCalls.names());
  }

  /** The nearest spelling of a call that no architecture has; empty for a known call. */
  public static Optional<String> hintUnknownCall(String call) {
    return KnownCalls.contains(call) ? Optional.empty() : Optional.of(KnownCalls.hint(call));
  }

  /** Rules under conditions: one of the profile's {@code syscalls}. */
  public record Entry(List<SyscallRule> rules, Conditions includes, Conditions excludes) {
    public Entry {
      rules = List.copyOf(rules);
    }

    /** Whether it asks which capabilities are kept. */
    boolean asksForCapabilities() {
      return !includes.capabilities().isEmpty() || !excludes.capabilities().isEmpty();
    }

    /** Whether it holds on every host. */
    boolean isUnconditional() {
      return includes.equals(Conditions.NONE) && excludes.equals(Conditions.NONE);
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
    return new ProfileReader(problems)
        .content(value, path)
        .map(content -> new SeccompProfile(name, false, Optional.of(content), List.of(), Set.of()));
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
    return new SeccompProfile(name, true, Optional.empty(), List.of(), Set.of());
  }

  synchronized Content content() {
    if (content.isEmpty()) {
      byte[] bytes =
          TableLines.resource("seccomp/" + name + ".json").getBytes(StandardCharsets.ISO_8859_1);
      content = read(JsonDocument.read(name, bytes)).content;
    }
    return content.orElseThrow();
  }

  /**
   * What the profile says on one host.
   *
   * @param capabilities what the payload keeps
   * @throws SeccompRefusal where two rules give the same call two errnos
   */
  public SeccompRules resolve(
      Architecture architecture, KernelVersion kernel, Set<Capability> capabilities) {
    return resolve(FilterTarget.of(architecture, kernel, capabilities)).abis().get(0);
  }

  /**
   * What a launch on that host has a filter for: the native ABI, and of the compat ABIs those that
   * its kernel serves.
   */
  public FilterTarget target(
      Architecture architecture, KernelVersion kernel, Set<Capability> capabilities) {
    Abi abi = Abi.of(architecture);
    List<Abi> compat = new ArrayList<>();
    for (Abi other : Abi.values()) {
      if (compatAbis.contains(other) && other.isServedBy(abi)) {
        compat.add(other);
      }
    }
    return new FilterTarget(abi, compat, kernel, capabilities, Reading.STRICT);
  }

  /**
   * What the profile says for one target.
   *
   * @throws SeccompRefusal where two rules give the same call two errnos, or a rule cannot be
   *     followed on an ABI
   */
  public FilterRules resolve(FilterTarget target) {
    List<SyscallRule> own = rules(target);
    List<SeccompRules> abis = new ArrayList<>();
    for (Abi abi : target.abis()) {
      abis.add(
          new SeccompRules(
              name,
              SyscallTable.of(abi),
              target.reading(),
              content().defaultAction(),
              content().knownThrough(),
              layers(own, abi)));
    }
    return new FilterRules(abis);
  }

  private List<List<SyscallRule>> layers(List<SyscallRule> own, Abi abi) {
    List<List<SyscallRule>> layers = new ArrayList<>(List.of(own));
    for (List<CallRule> layer : onTop) {
      List<SyscallRule> rules = new ArrayList<>();
      for (CallRule rule : layer) {
        rules.addAll(rule.on(abi));
      }
      layers.add(rules);
    }
    return layers;
  }

  /** What a call gets that no rule decides. */
  public SeccompAction defaultAction() {
    return content().defaultAction();
  }

  /** The rules whose conditions hold, in the order in which they were written. */
  public List<SyscallRule> rules(FilterTarget target) {
    String arch = target.nativeAbi().ociName();
    List<SyscallRule> rules = new ArrayList<>();
    for (Entry entry : entries()) {
      if (entry.includes.all(arch, target.kernel(), target.capabilities())
          && !entry.excludes.any(arch, target.kernel(), target.capabilities())) {
        rules.addAll(entry.rules);
      }
    }
    return rules;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SeccompProfile profile
        && name.equals(profile.name)
        && onTop.equals(profile.onTop)
        && compatAbis.equals(profile.compatAbis)
        && content().equals(profile.content());
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, onTop, compatAbis);
  }

  @Override
  public String toString() {
    return name + (onTop.isEmpty() ? "" : " and " + onTop);
  }
}
