package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.policy.Ceiling;
import dev.caisson.policy.CeilingProof;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Environment;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PermissionOrder;
import dev.caisson.policy.PermissionOrder.Excess;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds that whoever starts a sandbox sets on every policy: the system's, the user's own, and
 * those that flags name. A policy from an untrusted checkout cannot raise them.
 */
public final class Ceilings {
  private static final UnixPath OF_SYSTEM = UnixPath.of("/etc/caisson/ceiling.json");
  private static final String OF_USER = ".config/caisson/ceiling.json";
  private static final String ANYTHING = "*";

  private final HostFacts host;
  private final List<UnixPath> names;

  private Ceilings(HostFacts host, List<UnixPath> names) {
    this.host = host;
    this.names = List.copyOf(names);
  }

  /**
   * The ceilings that hold for the caller.
   *
   * @param named by flags: built-in policies or files
   */
  public static Ceilings of(HostFacts host, List<UnixPath> named) {
    List<UnixPath> names = new ArrayList<>();
    // the home of passwd: a variable must not lead to another ceiling
    for (UnixPath standard : List.of(OF_SYSTEM, host.home().resolve(OF_USER))) {
      if (HostFiles.status(standard).isPresent()) {
        names.add(standard);
      }
    }
    names.addAll(named);
    return new Ceilings(host, names);
  }

  /** Where they stand. */
  List<UnixPath> names() {
    return names;
  }

  /**
   * Refuses a policy that allows more than a ceiling.
   *
   * @param flags what they change beside the policy
   */
  void check(EffectivePolicy policy, Adjustments flags) {
    List<Ceiling> bounds = bounds(policy);
    if (bounds.isEmpty()) {
      return;
    }
    EffectivePolicy bounded = withEnvironment(policy, flags);
    for (Ceiling ceiling : bounds) {
      List<String> found = excess(ceiling, bounded);
      if (!found.isEmpty()) {
        throw new EngineRefusal(
            "run the policy " + policy.name() + " under the ceiling " + ceiling.source(),
            String.join("; ", found),
            "Ask for less in the policy or by flags, or change the ceiling");
      }
    }
  }

  /** What {@code policy} allows beyond any ceiling, each with the ceiling's name. */
  public List<String> excess(EffectivePolicy policy) {
    List<String> found = new ArrayList<>();
    for (Ceiling ceiling : bounds(policy)) {
      excess(ceiling, policy)
          .forEach(said -> found.add("beyond the ceiling " + ceiling.source() + ": " + said));
    }
    return found;
  }

  /**
   * The same for every host and view that conditions tell apart, each with those where it holds.
   */
  public List<String> provenExcess(Policy policy) {
    return CeilingProof.excess(policy, load(), host, Ceilings::real);
  }

  /** What one policy allows beyond another, by what their paths really lead to. */
  public static List<Excess> beyond(EffectivePolicy policy, EffectivePolicy other) {
    return PermissionOrder.excess(real(policy), real(other));
  }

  /** Those of what the policy extends, and those of whoever starts it. */
  private List<Ceiling> bounds(EffectivePolicy policy) {
    List<Ceiling> bounds = new ArrayList<>(policy.ceilings());
    load().forEach(ceiling -> bounds.add(Ceiling.of(ceiling, policy.view(), host)));
    return bounds;
  }

  private List<Policy> load() {
    List<Policy> ceilings = new ArrayList<>();
    for (UnixPath name : names) {
      ceilings.add(PolicyLoader.load(name, host.uid(), new HostPolicyFiles()));
    }
    return ceilings;
  }

  private static List<String> excess(Ceiling ceiling, EffectivePolicy policy) {
    return ceiling.excess(policy, Ceilings::real).stream().map(Excess::toString).toList();
  }

  /** Sources without links: a link in a checkout must not pass for what it leads to. */
  static EffectivePolicy real(EffectivePolicy policy) {
    return policy.withSources(Ceilings::real);
  }

  private static UnixPath real(UnixPath source) {
    return HostFiles.canonical(source).orElse(source);
  }

  private static EffectivePolicy withEnvironment(EffectivePolicy policy, Adjustments flags) {
    List<String> pass = new ArrayList<>(policy.environment().pass());
    for (Adjustments.Variable variable : flags.variables()) {
      if (variable.value().isEmpty()) {
        pass.add(variable.name());
      }
    }
    if (flags.hostEnvironment()) {
      pass.add(ANYTHING);
    }
    Environment environment = policy.environment();
    return policy.withEnvironment(new Environment(pass, environment.set(), environment.read()));
  }
}
