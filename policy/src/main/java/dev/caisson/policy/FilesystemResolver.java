package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.policy.Mount.Access;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Decides what stands at each path inside on one host. */
final class FilesystemResolver {
  private static final UnixPath PROC = UnixPath.of("/proc");

  private final HostFacts host;
  private final Variables variables;
  private final List<PolicyProblem> problems;
  private final List<Mount> mounts = new ArrayList<>();
  private final List<UnixPath> masked = new ArrayList<>();
  private final List<UnixPath> readOnly = new ArrayList<>();

  FilesystemResolver(HostFacts host, Variables variables, List<PolicyProblem> problems) {
    this.host = host;
    this.variables = variables;
    this.problems = problems;
  }

  void resolve(Settings<UnixPath, Placement> filesystem) {
    filesystem.all().forEach((target, setting) -> setting.value().place(target, this));
    mounts.sort(Comparator.comparingInt(mount -> mount.target().components().size()));
    refuse(masked, filesystem, "shows /proc by \"proc\"; write \"proc\": \"none\" to hide it");
    refuse(readOnly, filesystem, "shows /proc by \"proc\", which nothing inside may write to");
    for (Mount mount : mounts) {
      if (mount instanceof Mount.Symlink link) {
        filesystem.all().forEach((target, setting) -> refuseBelow(link, target, setting));
      }
    }
  }

  private void refuse(
      List<UnixPath> paths, Settings<UnixPath, Placement> filesystem, String message) {
    if (paths.contains(PROC)) {
      filesystem
          .get(PROC)
          .ifPresent(
              setting -> problems.add(new PolicyProblem(setting.origin(), "a policy " + message)));
    }
  }

  /** What lies below a link would stand elsewhere than it says. */
  private void refuseBelow(Mount.Symlink link, UnixPath target, Setting<Placement> setting) {
    if (target.startsWith(link.target()) && !target.equals(link.target())) {
      problems.add(
          new PolicyProblem(
              setting.origin(),
              "it lies below the link " + link.target() + "; write the place it leads to"));
    }
  }

  /** Parents before children. */
  List<Mount> mounts() {
    return mounts;
  }

  List<UnixPath> masked() {
    return masked;
  }

  List<UnixPath> readOnly() {
    return readOnly;
  }

  void mount(Mount mount) {
    mounts.add(mount);
  }

  void mask(UnixPath target) {
    masked.add(target);
  }

  void makeReadOnly(UnixPath target) {
    readOnly.add(target);
  }

  /** The link that the host has in its root under the name of {@code target}. */
  Optional<UnixPath> rootLink(UnixPath target) {
    return target.components().size() == 1
        ? Optional.ofNullable(host.rootLinks().get(target.components().get(0).toString()))
        : Optional.empty();
  }

  Optional<UnixPath> text(Setting<Template> template) {
    return said(template, variables.text(template.value()));
  }

  /** A path of the host; what is or holds the home directory is never writable. */
  Optional<UnixPath> hostPath(Setting<Template> template, Access access) {
    Optional<UnixPath> path = said(template, variables.path(template.value()));
    if (path.isEmpty()) {
      return path;
    }
    if (!Variables.isPlain(path.get())) {
      return problem(
          template, "expected an absolute path of the host without . and .., found " + path.get());
    }
    if (access == Access.READ_WRITE && host.home().startsWith(path.get())) {
      return problem(
          template,
          path.get()
              + " is or holds the home directory "
              + host.home()
              + ", which must not be writable; bind a directory below it");
    }
    return path;
  }

  private Optional<UnixPath> said(Setting<Template> template, Variables.Expansion expansion) {
    return expansion.value().isPresent()
        ? expansion.value()
        : problem(template, expansion.problem());
  }

  private Optional<UnixPath> problem(Setting<Template> template, String message) {
    problems.add(new PolicyProblem(template.origin(), message));
    return Optional.empty();
  }
}
