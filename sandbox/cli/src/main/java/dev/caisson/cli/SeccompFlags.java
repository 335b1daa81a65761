package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.Reading;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The flags that the verbs of seccomp share, and the profiles and targets that they name. */
final class SeccompFlags {
  static final Flag ARCHITECTURE =
      Flag.value(
          "--arch",
          "A",
          "The ABI, this host's without it: x86_64, aarch64, riscv64, loongarch64, ppc64 or s390x;"
              + " after commas the compat ABIs that are let in: i386, x32, arm.");
  static final Flag CAPABILITIES =
      Flag.value(
          "--caps",
          "LIST",
          "Capabilities that the payload keeps, parted by commas; a policy's own without it.");
  static final Flag MODE =
      Flag.value(
          "--mode",
          "strict|compat",
          "How rules are understood: strict, as the kernel reads arguments, or compat, as"
              + " libseccomp decides.");
  static final Flag KNOWN_THROUGH =
      Flag.value(
          "--known-through",
          "RELEASE",
          "The kernel release whose calls the author knew; newer ones get ENOSYS.");
  static final Flag PROFILE =
      Flag.value(
          "--profile",
          "P",
          "The profile, or a policy whose seccomp is meant, in place of the default profile.");
  static final List<Flag> TARGET = List.of(ARCHITECTURE, CAPABILITIES, MODE, KNOWN_THROUGH);

  private static final int LONGEST_PROFILE = 16 << 20;

  private final Syntax syntax;
  private final Arguments arguments;
  private final Session session;

  SeccompFlags(Syntax syntax, Arguments arguments, Session session) {
    this.syntax = syntax;
    this.arguments = arguments;
    this.session = session;
  }

  /** {@code flags} and those of a target. */
  static List<Flag> and(Flag... flags) {
    List<Flag> all = new ArrayList<>(List.of(flags));
    all.addAll(TARGET);
    return all;
  }

  /**
   * A profile and what it is resolved for.
   *
   * @param target with a policy's own capabilities and compat ABIs, unless flags say others
   */
  record Named(SeccompProfile profile, FilterTarget target) {
    FilterRules rules() {
      return profile.resolve(target);
    }
  }

  /** A built-in profile or policy, or a file's, with its warnings noted. */
  Named named(UnixPath name) {
    String text = name.toString();
    if (text.indexOf('/') >= 0 || text.endsWith(".json")) {
      return named(name, HostFiles.content(name, LONGEST_PROFILE));
    }
    return SeccompProfile.BUILT_IN.contains(text) || !PolicyLoader.BUILT_IN.contains(text)
        ? of(SeccompProfile.builtIn(text))
        : ofPolicy(name);
  }

  /** What a file with this content holds: a profile, or a policy, which says its version. */
  Named named(UnixPath name, byte[] content) {
    String source = name.toString();
    JsonDocument document = JsonDocument.read(source, content);
    if (document.root().orElse(null) instanceof JsonObject object
        && object.get("apiVersion").isPresent()) {
      return ofPolicy(name);
    }
    SeccompProfile profile = SeccompProfile.read(document);
    for (JsonProblem warning : profile.warnings()) {
      String place = source + ":" + warning.position() + ": " + warning.path();
      session.note(place + ": " + warning.message());
    }
    return of(profile);
  }

  private Named of(SeccompProfile profile) {
    return new Named(withRelease(profile), target());
  }

  private Named ofPolicy(UnixPath name) {
    EffectivePolicy policy = PolicyArgument.load(name, session).resolve(View.WRAP, session.host());
    FilterTarget asked = target();
    List<Abi> compat = new ArrayList<>(asked.compatAbis());
    for (Abi abi : arguments.has(ARCHITECTURE) ? Set.<Abi>of() : policy.seccomp().compatAbis()) {
      if (abi.isServedBy(asked.nativeAbi())) {
        compat.add(abi);
      }
    }
    Set<Capability> kept =
        arguments.has(CAPABILITIES) ? asked.capabilities() : policy.capabilities();
    return new Named(
        withRelease(policy.seccomp()),
        new FilterTarget(asked.nativeAbi(), compat, asked.kernel(), kept, asked.reading()));
  }

  /** The rules of the profile that {@link #PROFILE} names. */
  FilterRules rules() {
    return named(arguments.value(PROFILE).orElse(UnixPath.of("default"))).rules();
  }

  FilterTarget target() {
    List<Abi> abis = abis();
    return new FilterTarget(
        abis.get(0),
        abis.subList(1, abis.size()),
        session.host().kernel(),
        capabilities(),
        reading());
  }

  private SeccompProfile withRelease(SeccompProfile profile) {
    Optional<String> release = arguments.text(KNOWN_THROUGH);
    if (release.isEmpty()) {
      return profile;
    }
    try {
      return profile.knownThrough(KernelVersion.parse(release.get()));
    } catch (IllegalArgumentException noRelease) {
      throw UsageRefusal.of(
          syntax, "--known-through takes a release such as 6.12, not " + release.get(), "");
    }
  }

  private List<Abi> abis() {
    if (!arguments.has(ARCHITECTURE)) {
      return List.of(Abi.of(Architecture.current()));
    }
    List<Abi> abis = new ArrayList<>();
    for (String word : words(ARCHITECTURE)) {
      Abi abi =
          Abi.named(word)
              .orElseThrow(
                  () ->
                      unknown(
                          "--arch knows no ABI",
                          word,
                          Arrays.stream(Abi.values()).map(Abi::kernelName).toList()));
      if (abis.contains(abi)) {
        throw UsageRefusal.of(syntax, "--arch names " + word + " twice", "");
      }
      abis.add(abi);
    }
    return abis;
  }

  private Set<Capability> capabilities() {
    Set<Capability> kept = EnumSet.noneOf(Capability.class);
    for (String word : arguments.has(CAPABILITIES) ? words(CAPABILITIES) : List.<String>of()) {
      String upper = word.toUpperCase(Locale.ROOT);
      String name = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
      kept.add(
          Capability.named(name)
              .orElseThrow(
                  () ->
                      unknown(
                          "there is no capability",
                          name,
                          Arrays.stream(Capability.values()).map(Capability::fullName).toList())));
    }
    return kept;
  }

  private Reading reading() {
    return arguments.text(MODE).orElse("strict").equals("compat") ? Reading.COMPAT : Reading.STRICT;
  }

  private List<String> words(Flag flag) {
    return List.of(arguments.required(flag).toString().split(",", -1));
  }

  private UsageRefusal unknown(String what, String word, List<String> valid) {
    return UsageRefusal.of(syntax, what + " " + word, Spelling.hint(word, valid));
  }
}
