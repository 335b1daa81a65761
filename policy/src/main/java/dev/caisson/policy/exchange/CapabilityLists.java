package dev.caisson.policy.exchange;

import dev.caisson.json.Nearest;
import dev.caisson.policy.Capability;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Capabilities that are added to what containers have, and dropped from it. */
final class CapabilityLists {
  private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);

  private final Set<Capability> added = EnumSet.noneOf(Capability.class);
  private final Set<Capability> dropped = EnumSet.noneOf(Capability.class);
  private boolean addsAll;
  private boolean dropsAll;

  /** Adds what {@code word} names; a message where that is nothing. */
  Optional<String> add(String word) {
    if (word.equalsIgnoreCase("ALL")) {
      addsAll = true;
      return Optional.empty();
    }
    return take(word, added);
  }

  /** Drops what {@code word} names; a message where that is nothing. */
  Optional<String> drop(String word) {
    if (word.equalsIgnoreCase("ALL")) {
      dropsAll = true;
      return Optional.empty();
    }
    return take(word, dropped);
  }

  private static Optional<String> take(String word, Set<Capability> to) {
    String upper = word.toUpperCase(Locale.ROOT);
    String bare = upper.startsWith("CAP_") ? upper.substring(4) : upper;
    Optional<Capability> capability = Capability.named("CAP_" + bare);
    if (capability.isPresent()) {
      to.add(capability.get());
      return Optional.empty();
    }
    List<String> names = Arrays.stream(Capability.values()).map(Enum::name).toList();
    return Optional.of("no capability is called " + word + Nearest.hint(bare, names));
  }

  /** A note where capabilities were added for a user who has none of them. */
  Optional<String> note(boolean root) {
    return root || !(addsAll || !added.isEmpty())
        ? Optional.empty()
        : Optional.of("a user other than root has no capability, there as here");
  }

  /** As Docker decides: all but the dropped ones, or none but the added ones (moby, oci/caps). */
  void asDocker(Set<Capability> kept) {
    if (addsAll) {
      kept.addAll(ALL);
      kept.removeAll(dropped);
      return;
    }
    kept.removeAll(dropsAll ? ALL : dropped);
    kept.addAll(added);
  }

  /** As Kubernetes' runtimes decide: what is dropped by name stays dropped (containerd, cri). */
  void asKubernetes(Set<Capability> kept) {
    if (addsAll) {
      kept.addAll(ALL);
    }
    if (dropsAll) {
      kept.clear();
    }
    kept.addAll(added);
    kept.removeAll(dropped);
  }
}
