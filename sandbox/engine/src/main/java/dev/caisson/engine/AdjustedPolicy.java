package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Mount.Access;
import dev.caisson.policy.Namespaces;
import dev.caisson.policy.Network;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.User;
import java.util.List;
import java.util.Optional;

/** A policy with the changes that flags make to it. */
final class AdjustedPolicy {
  private static final UnixPath RESOLVER = UnixPath.of("/etc/resolv.conf");
  private static final String CALLER = "caller";
  private static final long HOME_BYTES = 1L << 30;
  private static final long INIT_BYTES = 64L << 20;

  /** In the files of the built-in policies. */
  private static final String BUILT_IN_NAME = "caisson";

  private final EffectivePolicy policy;
  private final HostFacts host;
  private final MountTable mounts;
  private final HiddenFiles hidden;
  private final WriteProtection protection;
  private Network network;
  private String hostname;
  private Limits limits;
  private Namespaces namespaces;
  private User user;
  private FirstProcess init;
  private Optional<UnixPath> workingDirectory;
  private boolean unixSockets;

  AdjustedPolicy(EffectivePolicy policy, HostFacts host) {
    this.policy = policy;
    this.host = host;
    this.mounts = new MountTable(policy.filesystem());
    this.hidden = new HiddenFiles(mounts, host, policy.maskedPaths());
    this.protection = new WriteProtection(host);
    this.network = policy.network();
    this.hostname = policy.process().hostname();
    this.limits = policy.limits();
    this.namespaces = policy.namespaces();
    this.user = policy.process().user();
    this.init = policy.process().init();
    this.workingDirectory = policy.process().cwd();
    this.unixSockets = policy.unixSockets();
  }

  AdjustedPolicy flags(Adjustments adjustments) {
    for (Adjustments.HostBind bind : adjustments.binds()) {
      bind(bind);
    }
    adjustments.places().forEach(mounts::place);
    name(adjustments.hostname());
    network = adjustments.network().over(network);
    limits = adjustments.limits().over(limits);
    init = adjustments.init().orElse(init);
    workingDirectory = adjustments.workingDirectory().or(() -> workingDirectory);
    unixSockets |= adjustments.unixSockets();
    protection.lift(adjustments.unprotected());
    return this;
  }

  /** The files that tell the sandbox's name have it too, but for those that the policy writes. */
  private void name(Optional<String> flag) {
    if (flag.isEmpty() && hostname.equals(BUILT_IN_NAME)) {
      return;
    }
    List<Mount.TextFile> builtIn = namedFiles(BUILT_IN_NAME);
    hostname = flag.orElse(hostname);
    List<Mount.TextFile> named = namedFiles(hostname);
    for (int i = 0; i < named.size(); i++) {
      if (flag.isPresent() || mounts.contains(builtIn.get(i))) {
        mounts.place(named.get(i));
      }
    }
  }

  private static List<Mount.TextFile> namedFiles(String name) {
    return List.of(
        new Mount.TextFile(UnixPath.of("/etc/hostname"), name + "\n"),
        new Mount.TextFile(
            UnixPath.of("/etc/hosts"),
            "127.0.0.1 localhost " + name + "\n::1 localhost " + name + "\n"));
  }

  /**
   * Which ids there are inside, and as whom the program runs.
   *
   * @param own the image's user, which a policy that lets it be root leaves as it is
   */
  AdjustedPolicy identity(IdentityFlags flags, Optional<String> own, Accounts accounts) {
    namespaces = namespaces.withUser(flags.map().orElse(namespaces.user()));
    if (flags.user().isPresent()) {
      String wanted = flags.user().get();
      user = wanted.equals(CALLER) ? new User.Caller() : accounts.find(wanted);
    } else if (own.isPresent() && user instanceof User.Root) {
      user = accounts.find(own.get());
    }
    return this;
  }

  /** Where the payload starts, unless the policy or a flag says. */
  AdjustedPolicy workingDirectory(UnixPath directory) {
    if (workingDirectory.isEmpty()) {
      workingDirectory = Optional.of(directory);
    }
    return this;
  }

  /** Keeps the file of the policy in use from being written to: it decides about the next run. */
  AdjustedPolicy protectPolicy(UnixPath policy) {
    if (PolicyLoader.isFile(policy)) {
      UnixPath file = policy.isAbsolute() ? policy : host.currentDirectory().resolve(policy);
      HostFiles.canonical(file)
          .ifPresent(path -> mounts.changeBinds(bind -> WriteProtection.protect(bind, path)));
    }
    return this;
  }

  /**
   * The current directory is where a host command starts, writable if asked. A policy that starts
   * it elsewhere may show the directory there.
   */
  AdjustedPolicy currentDirectory(boolean writable) {
    UnixPath directory = host.currentDirectory();
    UnixPath shown = workingDirectory.filter(this::showsCurrentDirectory).orElse(directory);
    if (writable) {
      List<UnixPath> protect =
          mounts
              .binds()
              .filter(bind -> bind.target().equals(shown))
              .flatMap(bind -> bind.protect().stream())
              .toList();
      mounts.place(
          bind(directory, shown, Access.READ_WRITE, protection.within(directory, protect)));
    } else {
      mounts.placeIfFree(bind(directory, shown, Access.READ_ONLY, List.of()));
    }
    return workingDirectory(shown);
  }

  /** The repository of the current directory, read-only but for what this worktree writes. */
  AdjustedPolicy repository(GitRepository repository, boolean writable) {
    if (repository.shown().equals(host.currentDirectory())) {
      // as a whole
      return this;
    }
    UnixPath shown = repository.shown();
    mounts.placeIfFree(bind(shown, shown, Access.READ_ONLY, List.of()));
    if (writable) {
      UnixPath own = repository.own();
      mounts.placeIfFree(bind(own, own, Access.READ_WRITE, repository.kept()));
    }
    return this;
  }

  private boolean showsCurrentDirectory(UnixPath path) {
    return mounts
        .binds()
        .anyMatch(
            bind -> bind.target().equals(path) && bind.source().equals(host.currentDirectory()));
  }

  /** See {@link HiddenFiles#maskSecretsAndFifos}. */
  AdjustedPolicy maskSecretsAndFifos() {
    hidden.maskSecretsAndFifos();
    return this;
  }

  /** What the user should know of it. */
  List<String> notes() {
    return hidden.notes();
  }

  AdjustedPolicy home(Workload.Home home) {
    UnixPath inside = host.home();
    if (home instanceof Workload.Home.Empty) {
      mounts.place(new Mount.Tmpfs(inside, HOME_BYTES, 0700, true));
    } else if (home instanceof Workload.Home.ReadOnly) {
      bind(new Adjustments.HostBind(inside, Optional.empty(), Access.READ_ONLY));
    } else if (home instanceof Workload.Home.Kept kept) {
      bind(new Adjustments.HostBind(kept.directory(), Optional.of(inside), Access.READ_WRITE));
    }
    return this;
  }

  EffectivePolicy build() {
    hidden.maskKernelFiles(policy.secrets());
    if (network instanceof Network.Host) {
      // the host's own, which may be a link to a file that changes with the network
      mounts.place(
          new Mount.Bind(RESOLVER, RESOLVER, Access.READ_ONLY, true, true, List.of(), true));
    }
    if (init == FirstProcess.IMAGE) {
      // which it expects to find empty and writable
      mounts.placeIfFree(new Mount.Tmpfs(UnixPath.of("/run"), INIT_BYTES, 0755, true));
      mounts.placeIfFree(new Mount.Tmpfs(UnixPath.of("/tmp"), INIT_BYTES, 01777, true));
    }
    protection.requireWritable(mounts);
    mounts.changeBinds(protection::withoutLifted);
    return policy
        .withFilesystem(mounts.inOrder())
        .withMaskedPaths(hidden.masked())
        .withNetwork(network)
        .withLimits(limits)
        .withNamespaces(namespaces)
        .withProcess(
            policy
                .process()
                .withUser(user)
                .withInit(init)
                .withCwd(workingDirectory)
                .withHostname(hostname))
        .withUnixSockets(unixSockets);
  }

  private void bind(Adjustments.HostBind bind) {
    UnixPath source =
        bind.source().isAbsolute() ? bind.source() : host.currentDirectory().resolve(bind.source());
    if (HostFiles.statusOfTarget(source).isEmpty()) {
      throw new EngineRefusal(
          "show " + bind.source(), "it does not exist or cannot be reached", "Check the name");
    }
    UnixPath target = NameResolution.normal(bind.target().orElse(source));
    if (target.components().isEmpty()) {
      throw new EngineRefusal(
          "show " + bind.source() + " at /",
          "the root inside is not a place for a bind",
          "Name a directory inside, or use 'caisson run --rootfs'");
    }
    List<UnixPath> protect =
        bind.access() == Access.READ_WRITE ? protection.within(source, List.of()) : List.of();
    mounts.place(bind(source, target, bind.access(), protect));
  }

  private static Mount.Bind bind(
      UnixPath source, UnixPath target, Access access, List<UnixPath> protect) {
    return new Mount.Bind(target, source, access, false, false, protect, true);
  }
}
