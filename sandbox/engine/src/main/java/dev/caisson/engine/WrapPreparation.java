package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostReader;
import dev.caisson.launch.Root;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides how a command of the host is shown the host. */
final class WrapPreparation {
  private static final UnixPath UTF8 = UnixPath.of("C.UTF-8");
  private static final UnixPath ROOT = UnixPath.of("/");
  private static final UnixPath GIT = UnixPath.of("git");

  private final HostFacts host;
  private final HostTree hostTree = new HostTree();

  WrapPreparation(HostFacts host) {
    this.host = host;
  }

  /** Refuses current directories that would show what the view hides. */
  void checkDirectory() {
    WrapDirectory.check(host.currentDirectory(), host.home());
  }

  Draft prepare(EffectivePolicy base, Workload.HostCommand wanted, Order order) {
    Adjustments flags = order.adjustments();
    AdjustedPolicy adjusted =
        new AdjustedPolicy(base, host).home(wanted.home()).currentDirectory(wanted.writable());
    if (wanted.repository()) {
      GitRepository repository = GitRepository.of(host.currentDirectory());
      WrapDirectory.check(repository.shown(), host.home());
      adjusted.repository(repository, wanted.writable());
    }
    adjusted
        .flags(flags)
        .identity(flags.identity(), Optional.empty(), new Accounts(List.of(ROOT)))
        .protectPolicy(order.policy())
        .maskSecretsAndFifos();
    EffectivePolicy policy = adjusted.build();
    ViewTree view =
        new ViewTree(
            hostTree, policy.filesystem(), policy.maskedPaths(), new HostReader(host.uid()));
    GitView git = new GitView(host);
    Map<String, UnixPath> environment = environment(policy, wanted, flags, view, git);
    checkCommand(wanted.command(), policy, view, environment);
    return new Draft(
        policy,
        new Root.HostView(),
        wanted.command(),
        environment,
        List.of(),
        notes(wanted, policy, git, adjusted.notes()));
  }

  private void checkCommand(
      List<UnixPath> command,
      EffectivePolicy policy,
      ViewTree view,
      Map<String, UnixPath> environment) {
    CommandChain here =
        new CommandChain(
            hostTree, host.currentDirectory(), Optional.ofNullable(host.environment().get("PATH")));
    CommandChain inside =
        new CommandChain(
            view,
            policy.process().cwd().orElse(host.currentDirectory()),
            Optional.ofNullable(environment.get("PATH")));
    new WrapCommand(view, host.home()).check(command, here, inside);
  }

  private Map<String, UnixPath> environment(
      EffectivePolicy policy,
      Workload.HostCommand wanted,
      Adjustments flags,
      ViewTree view,
      GitView git) {
    PayloadEnvironment environment =
        new PayloadEnvironment(git.environment(), host.environment())
            .policy(policy.environment())
            .without("JAVA_HOME", value -> isHidden(view, value))
            .flags(flags)
            .fallback("HOME", host.home())
            .fallback("USER", UnixPath.of(host.user()))
            .fallback("LOGNAME", UnixPath.of(host.user()));
    if (wanted.repository()) {
      // the current directory is a mount of its own within the repository
      environment.fallback("GIT_DISCOVERY_ACROSS_FILESYSTEM", UnixPath.of("1"));
    }
    if (!environment.has("LC_ALL")) {
      environment.fallback("LANG", UTF8);
    }
    return environment.build();
  }

  private static boolean isHidden(ViewTree view, UnixPath path) {
    return !path.isAbsolute()
        || NameResolution.follow(view, path).node() instanceof FileTree.Node.Absent;
  }

  private List<String> notes(
      Workload.HostCommand wanted, EffectivePolicy policy, GitView git, List<String> said) {
    List<String> notes = new ArrayList<>(said);
    if (wanted.home() instanceof Workload.Home.ReadOnly) {
      notes.add("the real home directory is shown, with every secret in it");
    }
    if (policy.network() instanceof Network.Host) {
      notes.add(
          "the host's network is open: services on localhost and a cloud's metadata address"
              + " 169.254.169.254 too");
    }
    CommandHint.of(wanted.command().get(0), policy).ifPresent(notes::add);
    if (wanted.command().get(0).equals(GIT) && !wanted.repository()) {
      git.hiddenTop()
          .ifPresent(
              top ->
                  notes.add(
                      "the repository's top "
                          + top
                          + " is hidden; start there, or show it with --git"));
    }
    return notes;
  }
}
