package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.DirectoryEntry.Kind;
import dev.caisson.launch.HostEntry;
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
import dev.caisson.policy.Secret;
import dev.caisson.policy.User;
import java.util.ArrayList;
import java.util.Comparator;
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
  private final List<Mount> mounts;
  private final List<UnixPath> masked;
  private final List<String> notes = new ArrayList<>();
  private final List<UnixPath> unprotected = new ArrayList<>();
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
    this.mounts = new ArrayList<>(policy.filesystem());
    this.masked = new ArrayList<>(policy.maskedPaths());
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
    adjustments.places().forEach(this::place);
    name(adjustments.hostname());
    network = adjustments.network().over(network);
    limits = adjustments.limits().over(limits);
    init = adjustments.init().orElse(init);
    workingDirectory = adjustments.workingDirectory().or(() -> workingDirectory);
    unixSockets |= adjustments.unixSockets();
    unprotected.addAll(adjustments.unprotected());
    return this;
  }

  /** The files that tell the sandbox's name have it too, but for those that the policy writes. */
  private void name(Optional<String> flag) {
    List<Mount.TextFile> builtIn = namedFiles(BUILT_IN_NAME);
    hostname = flag.orElse(hostname);
    List<Mount.TextFile> named = namedFiles(hostname);
    for (int i = 0; i < named.size(); i++) {
      if (flag.isPresent() || mounts.contains(builtIn.get(i))) {
        place(named.get(i));
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
    return PolicyLoader.isFile(policy)
        ? protect(policy.isAbsolute() ? policy : host.currentDirectory().resolve(policy))
        : this;
  }

  private AdjustedPolicy protect(UnixPath file) {
    Optional<UnixPath> canonical = HostFiles.canonical(file);
    mounts.replaceAll(mount -> canonical.map(path -> protect(mount, path)).orElse(mount));
    return this;
  }

  private static Mount protect(Mount mount, UnixPath file) {
    if (!(mount instanceof Mount.Bind bind) || bind.access() != Access.READ_WRITE) {
      return mount;
    }
    UnixPath source = HostFiles.canonical(bind.source()).orElse(bind.source());
    if (!file.startsWith(source) || file.equals(source)) {
      return mount;
    }
    List<UnixPath> protect = new ArrayList<>(bind.protect());
    protect.add(NameResolution.relative(source, file));
    return bind.withProtect(protect);
  }

  /**
   * The current directory is where a host command starts, writable if asked. A policy that starts
   * it elsewhere may show the directory there.
   */
  AdjustedPolicy currentDirectory(boolean writable) {
    UnixPath directory = host.currentDirectory();
    UnixPath shown = workingDirectory.filter(this::showsCurrentDirectory).orElse(directory);
    List<UnixPath> protect = List.of();
    for (Mount mount : mounts) {
      if (mount instanceof Mount.Bind bind && bind.target().equals(shown)) {
        protect = bind.protect();
      }
    }
    if (writable || mounts.stream().noneMatch(mount -> mount.target().equals(shown))) {
      place(
          new Mount.Bind(
              directory,
              shown,
              writable ? Access.READ_WRITE : Access.READ_ONLY,
              false,
              false,
              writable ? protectedIn(directory, protect) : protect,
              true));
    }
    return workingDirectory(shown);
  }

  /** The repository of the current directory, read-only but for what this worktree writes. */
  AdjustedPolicy repository(GitRepository repository, boolean writable) {
    if (repository.shown().equals(host.currentDirectory())) {
      // as a whole
      return this;
    }
    show(repository.shown(), Access.READ_ONLY, List.of());
    if (writable) {
      show(repository.own(), Access.READ_WRITE, repository.kept());
    }
    return this;
  }

  private void show(UnixPath place, Access access, List<UnixPath> protect) {
    if (mounts.stream().noneMatch(mount -> mount.target().equals(place))) {
      place(new Mount.Bind(place, place, access, false, false, protect, true));
    }
  }

  private List<UnixPath> protectedIn(UnixPath directory, List<UnixPath> also) {
    List<UnixPath> protect = new ArrayList<>(also);
    protect.addAll(new GitView(host).hooks(HostFiles.canonical(directory).orElse(directory)));
    return ProtectedFiles.within(directory, protect);
  }

  private boolean showsCurrentDirectory(UnixPath path) {
    return mounts.stream()
        .anyMatch(
            mount ->
                mount instanceof Mount.Bind bind
                    && bind.target().equals(path)
                    && bind.source().equals(host.currentDirectory()));
  }

  /**
   * Hides what in the system directories is not for everyone, and in writable directories the
   * FIFOs, whose other end is a process of the host.
   */
  AdjustedPolicy maskSecretsAndFifos() {
    SecretFiles secrets = new SecretFiles(host);
    for (Mount mount : List.copyOf(mounts)) {
      if (mount instanceof Mount.Bind bind) {
        HostFiles.canonical(bind.source()).ifPresent(source -> hide(bind, source, secrets));
      }
    }
    return this;
  }

  private void hide(Mount.Bind bind, UnixPath source, SecretFiles secrets) {
    if (bind.system()) {
      Optional<List<UnixPath>> found = secrets.below(source);
      found.ifPresentOrElse(paths -> mask(bind, source, paths), () -> leaveOut(bind));
    } else if (bind.access() == Access.READ_WRITE) {
      Optional<List<UnixPath>> found = TreeSearch.below(source, (path, kind) -> kind == Kind.FIFO);
      found.ifPresentOrElse(
          paths -> mask(bind, source, paths),
          () ->
              notes.add(
                  bind.target()
                      + " holds more than "
                      + TreeSearch.MOST
                      + " files and was not searched for FIFOs; one of the host's can be reached"));
    }
  }

  private void maskKernelFiles() {
    for (Mount mount : mounts) {
      if (mount instanceof Mount.Bind bind) {
        HostFiles.canonical(bind.source())
            .ifPresent(source -> mask(bind, source, KernelFiles.below(source)));
      } else if (mount instanceof Mount.Copy copy) {
        HostFiles.canonical(copy.source()).ifPresent(KernelFiles::below);
      }
    }
    for (Secret secret : policy.secrets()) {
      if (secret.source() instanceof Secret.File file) {
        refuseLink(secret.name(), file.path());
        HostFiles.canonical(file.path()).ifPresent(KernelFiles::below);
      }
    }
  }

  private static void refuseLink(String secret, UnixPath file) {
    if (HostFiles.status(file).filter(HostEntry::isSymbolicLink).isPresent()) {
      throw new EngineRefusal(
          "read the secret " + secret, file + " is a symbolic link", "Name the file itself");
    }
  }

  private void leaveOut(Mount.Bind bind) {
    mounts.remove(bind);
    notes.add(
        bind.target()
            + " is hidden: it holds more than "
            + TreeSearch.MOST
            + " files, too many to look for keys among them; --ro-bind "
            + bind.target()
            + " shows it whole");
  }

  private void mask(Mount.Bind bind, UnixPath source, List<UnixPath> paths) {
    for (UnixPath secret : paths) {
      UnixPath inside = bind.target().resolve(NameResolution.relative(source, secret));
      if (mounts.stream().noneMatch(other -> covers(other, bind, inside))) {
        masked.add(inside);
      }
    }
  }

  /** Whether {@code path} of the bind is hidden by what is placed below the bind's target. */
  private static boolean covers(Mount other, Mount.Bind bind, UnixPath path) {
    return other.surelyCovers()
        && !other.target().equals(bind.target())
        && other.target().startsWith(bind.target())
        && path.startsWith(other.target());
  }

  /** What the user should know of it. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  AdjustedPolicy home(Workload.Home home) {
    UnixPath inside = host.home();
    if (home instanceof Workload.Home.Empty) {
      place(new Mount.Tmpfs(inside, HOME_BYTES, 0700, true));
    } else if (home instanceof Workload.Home.ReadOnly) {
      bind(new Adjustments.HostBind(inside, Optional.empty(), Access.READ_ONLY));
    } else if (home instanceof Workload.Home.Kept kept) {
      bind(new Adjustments.HostBind(kept.directory(), Optional.of(inside), Access.READ_WRITE));
    }
    return this;
  }

  EffectivePolicy build() {
    maskKernelFiles();
    if (network instanceof Network.Host) {
      // the host's own, which may be a link to a file that changes with the network
      place(new Mount.Bind(RESOLVER, RESOLVER, Access.READ_ONLY, true, true, List.of(), true));
    }
    if (init == FirstProcess.IMAGE) {
      emptyForInit(UnixPath.of("/run"), 0755);
      emptyForInit(UnixPath.of("/tmp"), 01777);
    }
    // stable, so that what was placed last at the same depth stays last
    mounts.replaceAll(this::withoutUnprotected);
    mounts.sort(Comparator.comparingInt(mount -> mount.target().components().size()));
    return policy
        .withFilesystem(mounts)
        .withMaskedPaths(masked)
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

  /** What an init expects to find empty and writable, unless the policy places something there. */
  private void emptyForInit(UnixPath directory, int mode) {
    if (mounts.stream().noneMatch(mount -> mount.target().equals(directory))) {
      place(new Mount.Tmpfs(directory, INIT_BYTES, mode, true));
    }
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
        bind.access() == Access.READ_WRITE ? protectedIn(source, List.of()) : List.of();
    place(new Mount.Bind(target, source, bind.access(), false, false, protect, true));
  }

  /** Names are relative to the bind, or absolute inside. */
  private Mount withoutUnprotected(Mount mount) {
    if (!(mount instanceof Mount.Bind bind) || bind.protect().isEmpty()) {
      return mount;
    }
    List<UnixPath> protect =
        bind.protect().stream().filter(path -> !isUnprotected(bind, path)).toList();
    return bind.withProtect(protect);
  }

  private boolean isUnprotected(Mount.Bind bind, UnixPath path) {
    UnixPath inside = bind.target().resolve(path);
    return unprotected.stream()
        .anyMatch(allowed -> path.startsWith(allowed) || inside.startsWith(allowed));
  }

  private void place(Mount mount) {
    mounts.removeIf(other -> other.target().equals(mount.target()));
    mounts.add(mount);
  }
}
