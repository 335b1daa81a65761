package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Merges a policy and its parents for one view of one host: children over parents, key by key. */
final class Merger {
  private final View view;
  private final HostFacts host;
  private final Set<Capability> kept;
  private final List<PolicyProblem> problems;

  /**
   * @param kept the capabilities that the policy keeps: conditions ask for them
   */
  Merger(View view, HostFacts host, Set<Capability> kept, List<PolicyProblem> problems) {
    this.view = view;
    this.host = host;
    this.kept = kept;
    this.problems = problems;
  }

  /** The variables of {@code document} and its parents; a child gives a parent's a new default. */
  Settings<String, Variable> variables(PolicyDocument document) {
    Settings<String, Variable> merged = new Settings<>();
    for (PolicyDocument parent : document.parents()) {
      merged.addParent(variables(parent), document.variables(), problems);
    }
    document
        .variables()
        .all()
        .forEach(
            (name, own) ->
                merged
                    .get(name)
                    .filter(parent -> parent.value().type() != own.value().type())
                    .ifPresent(
                        parent ->
                            problem(
                                own.origin(), parent.origin() + " declares it with another type")));
    merged.overrideBy(document.variables());
    return merged;
  }

  Body<UnixPath> body(PolicyDocument document, Variables variables) {
    Body<Template> written = new Body<>();
    written.overrideBy(document.body());
    for (PolicyDocument.Part part : document.parts()) {
      if (part.condition().holds(view, host, kept)) {
        written.overrideBy(part.body());
      }
    }
    Body<UnixPath> own =
        new Body<>(
            written.fields(),
            targets(written.filesystem(), variables),
            written.pass(),
            written.set(),
            written.secrets(),
            written.waivers(),
            written.calls(),
            written.sections());
    Body<UnixPath> merged = new Body<>();
    for (PolicyDocument parent : document.parents()) {
      merged.addParent(body(parent, variables), own, problems);
    }
    merged.overrideBy(own);
    return merged;
  }

  /** The paths inside, their variables replaced; of two that are the same the later one counts. */
  private Settings<UnixPath, Placement> targets(
      Settings<Template, Placement> filesystem, Variables variables) {
    Settings<UnixPath, Placement> targets = new Settings<>();
    filesystem
        .all()
        .forEach(
            (template, setting) -> {
              Variables.Expansion expansion = variables.path(template);
              Optional<UnixPath> target = expansion.value().flatMap(InsidePath::of);
              if (target.isPresent()) {
                targets.set(target.get(), setting);
              } else {
                problem(
                    setting.origin(),
                    expansion.value().isPresent() ? InsidePath.EXPECTED : expansion.problem());
              }
            });
    return targets;
  }

  /** What all parents can do without, or what the child says; it never says more than they. */
  Set<Protection> bestEffort(PolicyDocument document) {
    Set<Protection> common = EnumSet.noneOf(Protection.class);
    if (!document.parents().isEmpty()) {
      common.addAll(EnumSet.allOf(Protection.class));
    }
    for (PolicyDocument parent : document.parents()) {
      Set<Protection> granted = bestEffort(parent);
      common.retainAll(granted);
      document.bestEffort().ifPresent(own -> requireNoMore(own, granted, parent));
    }
    return document.bestEffort().map(Setting::value).orElse(common);
  }

  private void requireNoMore(
      Setting<Set<Protection>> own, Set<Protection> granted, PolicyDocument parent) {
    for (Protection protection : own.value()) {
      if (!granted.contains(protection) && requires(parent, protection)) {
        problem(
            own.origin(), "the parent " + parent.source() + " requires " + Words.of(protection));
      }
    }
  }

  /** A limit is required by who sets it; everything else by who does not list it. */
  private static boolean requires(PolicyDocument document, Protection protection) {
    return switch (protection) {
      case MEMORY_LIMIT -> document.sets(Fields.MEMORY);
      case SWAP_LIMIT -> document.sets(Fields.SWAP);
      case CPU_LIMIT -> document.sets(Fields.CPUS);
      case IO_LIMIT -> document.sets(Fields.IO_READ) || document.sets(Fields.IO_WRITE);
      case LANDLOCK, SESSION_KEYRING, NO_NESTED_NAMESPACES -> true;
    };
  }

  private void problem(Origin origin, String message) {
    problems.add(new PolicyProblem(origin, message));
  }
}
