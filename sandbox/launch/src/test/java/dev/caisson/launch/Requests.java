package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.ControlGroupPlace.Kind;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.policy.Address;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.Destination;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.EffectivePolicy.Environment;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.EffectivePolicy.ProcessSettings;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.EffectivePolicy.Stop;
import dev.caisson.policy.Egress;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.Landlock;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Namespaces;
import dev.caisson.policy.Network;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Protection;
import dev.caisson.policy.Protocol;
import dev.caisson.policy.PublishedPort;
import dev.caisson.policy.RootEmulation;
import dev.caisson.policy.Secret;
import dev.caisson.policy.StopSignal;
import dev.caisson.policy.TimeOffsets;
import dev.caisson.policy.User;
import dev.caisson.policy.UserMap;
import dev.caisson.policy.View;
import dev.caisson.policy.seccomp.ProofStore;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Random requests that any host can plan: every part of a policy varies on its own. */
final class Requests {
  private static final List<SeccompProfile> PROFILES =
      SeccompProfile.BUILT_IN.stream().map(SeccompProfile::builtIn).toList();

  /** Directories and files that every Linux host has. */
  private static final List<Destination> DESTINATIONS =
      List.of(
          new Destination(
              new AddressBlock(Address.parse("192.0.2.0").orElseThrow(), 24),
              443,
              443,
              Protocol.TCP));

  private static final List<String> SOURCES =
      List.of("/", "/usr", "/usr/bin", "/etc", "/etc/passwd");

  private final Random random;

  /** Whether the host's tmpfs is fit for overlays. */
  private boolean overlays;

  /** Whether descriptors can be passed by number. */
  private boolean descriptors;

  private Requests(Random random) {
    this.random = random;
  }

  static LaunchRequest random(long seed) {
    return new Requests(new Random(seed)).request();
  }

  private LaunchRequest request() {
    HostFacts host = host();
    Mode mode = one(Mode.values());
    overlays = host.tmpfsUserXattrs();
    descriptors = mode != Mode.SPAWNED;
    EffectivePolicy policy = policy(host);
    return new LaunchRequest(
        policy,
        host,
        root(),
        List.of(UnixPath.of(chance() ? "sh" : "/bin/sh"), UnixPath.of("-c"), UnixPath.of("true")),
        Map.of("PATH", UnixPath.of("/bin:/usr/bin"), "A", UnixPath.of("b")),
        UnixPath.of("/run/user/1000/caisson"),
        chance() ? List.of() : List.of(UnixPath.of("/store/a"), UnixPath.of("/store/b")),
        ProofStore.none(),
        controlGroup(policy),
        new Connection(Optional.of(UnixPath.of("/usr/bin/pasta")), 0, DESTINATIONS),
        mode,
        chance() ? Optional.empty() : ResultFile.at(UnixPath.of("/tmp/result.json")),
        mode == Mode.SPAWNED ? notification() : Optional.empty());
  }

  private Optional<Notification> notification() {
    return switch (random.nextInt(3)) {
      case 0 -> Optional.of(new Notification.EveryCall());
      case 1 -> Optional.of(new Notification.Calls(Set.of(random.nextInt(400))));
      default -> Optional.empty();
    };
  }

  private HostFacts host() {
    return new HostFacts(
        one(Architecture.values()),
        new KernelVersion(6, random.nextInt(20)),
        random.nextInt(8),
        chance(),
        20_000,
        chance() ? 0 : 1000,
        1000,
        List.of(),
        "user",
        UnixPath.of("/home/user"),
        UnixPath.of("/home/user/project"),
        Map.of(),
        Map.of("bin", UnixPath.of("usr/bin")));
  }

  private ControlGroupPlace controlGroup(EffectivePolicy policy) {
    Map<Controller, UnixPath> parents = new EnumMap<>(Controller.class);
    for (Controller controller : some(Controller.class)) {
      parents.put(controller, UnixPath.of("/sys/fs/cgroup/" + (chance() ? "a" : controller)));
    }
    Kind kind = one(Kind.values());
    if (kind == Kind.UNIFIED || kind == Kind.OWN_SCOPE) {
      parents.replaceAll((controller, parent) -> UnixPath.of("/sys/fs/cgroup/unified"));
    }
    return kind == Kind.NONE || kind == Kind.UNNEEDED
        ? ControlGroupPlace.none("there is none", "Try another")
        : new ControlGroupPlace(
            kind,
            parents,
            kind == Kind.LEGACY
                ? Optional.empty()
                : Optional.of(UnixPath.of("/sys/fs/cgroup/unified")),
            kind != Kind.LEGACY && policy.namespaces().cgroup() && chance(),
            "some are not there",
            "Try another");
  }

  private Root root() {
    return switch (random.nextInt(3)) {
      case 0 -> new Root.HostView();
      case 1 -> new Root.Directory(UnixPath.of("/usr"));
      default ->
          new Root.Layers(UnixPath.of("/store"), List.of(UnixPath.of("aa"), UnixPath.of("bb")));
    };
  }

  private EffectivePolicy policy(HostFacts host) {
    Set<Protection> bestEffort = some(Protection.class);
    // what no host, or this one, can do is refused when it is planned: another test's matter
    bestEffort.add(Protection.MEMORY_LIMIT);
    bestEffort.add(Protection.SWAP_LIMIT);
    bestEffort.add(Protection.CPU_LIMIT);
    bestEffort.add(Protection.IO_LIMIT);
    if (host.landlockAbi() == 0) {
      bestEffort.add(Protection.LANDLOCK);
    }
    Set<Capability> capabilities = capabilities();
    return new EffectivePolicy(
        "random",
        one(View.values()),
        capabilities,
        PROFILES.get(random.nextInt(PROFILES.size())),
        one(RootAccess.values()),
        mounts(host.uid() != 0),
        one(ProcView.values()),
        paths("/proc/kcore", "/proc/keys", "/usr/share/secret"),
        paths("/proc/sys", "/proc/bus", "/etc"),
        some(Device.class),
        network(capabilities),
        secrets(),
        limits(),
        new Environment(List.of("LC_*", "TERM"), Map.of()),
        new ProcessSettings(
            one(new User[] {new User.Root(), new User.Caller(), new User.Id(33, 34)}),
            List.of(),
            chance() ? Optional.empty() : Optional.of(UnixPath.of("/tmp")),
            "caisson",
            022,
            chance(),
            chance(),
            one(new RootEmulation[] {RootEmulation.NONE, RootEmulation.ERRNO}),
            one(FirstProcess.values()),
            new Stop(one(StopSignal.values()), Duration.ofSeconds(chance() ? 10 : 0))),
        chance() ? Landlock.ON : Landlock.OFF,
        namespaces(),
        chance(),
        bestEffort,
        Optional.empty(),
        List.of(),
        List.of());
  }

  private Network network(Set<Capability> capabilities) {
    boolean powerful =
        capabilities.contains(Capability.NET_ADMIN) || capabilities.contains(Capability.NET_RAW);
    PublishedPort port = new PublishedPort(Optional.empty(), 8080, 80, Protocol.TCP);
    Network open =
        new Network.Private(
            chance() ? new Egress.Anywhere() : new Egress.Listed(DESTINATIONS),
            chance(),
            chance() ? List.of() : List.of(port));
    // what is refused is another test's matter
    return powerful || chance()
        ? one(new Network[] {new Network.None(), new Network.Host()})
        : open;
  }

  private Namespaces namespaces() {
    return new Namespaces(
        UserMap.AUTO,
        random.nextInt(4) == 0,
        chance(),
        chance(),
        chance(),
        chance()
            ? Optional.empty()
            : Optional.of(new TimeOffsets(Duration.ofMillis(-1500), Duration.ofHours(1))));
  }

  private Set<Capability> capabilities() {
    return chance() ? Set.of() : some(Capability.class);
  }

  private List<Mount> mounts(boolean writable) {
    List<Mount> mounts = new ArrayList<>();
    for (String source : SOURCES) {
      if (chance()) {
        boolean written = writable && chance();
        mounts.add(
            new Mount.Bind(
                UnixPath.of("/bound" + mounts.size()),
                UnixPath.of(source),
                access(source, written),
                chance(),
                chance(),
                written ? List.of(UnixPath.of("lib/x"), UnixPath.of("bin")) : List.of(),
                chance()));
      }
    }
    mounts.add(new Mount.Tmpfs(UnixPath.of("/tmp"), 1 << 20, 01777, chance()));
    mounts.add(new Mount.TextFile(UnixPath.of("/etc/hosts"), "127.0.0.1 localhost\n"));
    mounts.add(new Mount.Copy(UnixPath.of("/etc/copied"), UnixPath.of("/etc/passwd")));
    mounts.add(new Mount.Symlink(UnixPath.of("/bin"), UnixPath.of("usr/bin")));
    mounts.removeIf(mount -> random.nextInt(5) == 0);
    return mounts;
  }

  private Mount.Access access(String source, boolean written) {
    if (!written) {
      return Mount.Access.READ_ONLY;
    }
    boolean possible = overlays && !source.equals("/etc/passwd");
    return possible && chance() ? Mount.Access.OVERLAY : Mount.Access.READ_WRITE;
  }

  private List<Secret> secrets() {
    List<Secret> secrets = new ArrayList<>();
    if (chance()) {
      secrets.add(new Secret("file", new Secret.File(UnixPath.of("/home/user/.token"))));
    }
    if (chance() && descriptors) {
      secrets.add(new Secret("descriptor", new Secret.Descriptor(7)));
    }
    return secrets;
  }

  private Limits limits() {
    return new Limits(
        maybe(4096),
        maybe(512),
        maybe(1 << 30),
        maybe(60),
        maybe(1 << 30),
        maybe(0),
        maybe(1500),
        maybe(1 << 20),
        maybe(1 << 20),
        chance() ? Optional.empty() : Optional.of(Duration.ofMillis(1500)),
        maybe(100),
        overlays ? maybe(1 << 20) : OptionalLong.empty());
  }

  private OptionalLong maybe(long value) {
    return chance() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private List<UnixPath> paths(String... candidates) {
    List<UnixPath> paths = new ArrayList<>();
    for (String candidate : candidates) {
      if (chance()) {
        paths.add(UnixPath.of(candidate));
      }
    }
    return paths;
  }

  private <E extends Enum<E>> Set<E> some(Class<E> type) {
    Set<E> some = EnumSet.allOf(type);
    some.removeIf(each -> chance());
    return some;
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private boolean chance() {
    return random.nextBoolean();
  }
}
