package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.HostReader;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Expectation.Use;
import dev.caisson.policy.Finding;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Mount.Access;
import dev.caisson.policy.Secret;
import dev.caisson.policy.View;
import java.util.List;
import java.util.Optional;

/** What a program meets at a path inside, computed from a policy's mounts on this host. */
final class InsideFindings {
  private static final UnixPath PROC = UnixPath.of("/proc");
  private static final UnixPath SECRETS = UnixPath.of("/run/secrets");
  private static final UnixPath DEV = UnixPath.of("/dev");

  private final EffectivePolicy policy;
  private final ViewTree tree;

  InsideFindings(EffectivePolicy policy, HostFacts host) {
    this.policy = policy;
    tree =
        new ViewTree(
            new HostTree(), policy.filesystem(), policy.maskedPaths(), new HostReader(host.uid()));
  }

  ViewTree tree() {
    return tree;
  }

  List<Secret> secrets() {
    return policy.secrets();
  }

  Finding of(Use use, UnixPath wanted) {
    UnixPath path = NameResolution.normal(wanted);
    NameResolution.Place place = NameResolution.follow(this::at, path);
    Optional<Finding> covered =
        secret(use, path).or(() -> masked(place.path())).or(() -> readOnly(use, place.path()));
    if (covered.isPresent()) {
      return covered.get();
    }
    if (isKernels(place.path())) {
      return place.path().startsWith(PROC)
          ? KernelPlaces.proc(use, policy.proc(), place.path())
          : KernelPlaces.dev(use, policy.devices(), place.path());
    }
    return place.node() instanceof FileTree.Node.Absent
        ? missing(use, place.path())
        : existing(use, place);
  }

  /** What the kernel shows counts as there, so that a path leads on through it. */
  private FileTree.Node at(UnixPath path) {
    return isKernels(path) && masked(path).isEmpty()
        ? new FileTree.Node.Directory()
        : tree.at(path);
  }

  private boolean isKernels(UnixPath path) {
    return (path.startsWith(PROC) || path.startsWith(DEV)) && tree.mountAt(path).isEmpty();
  }

  private Optional<Finding> secret(Use use, UnixPath path) {
    return policy.secrets().stream()
        .filter(secret -> path.equals(SECRETS.resolve(secret.name())))
        .findFirst()
        .map(
            secret ->
                use == Use.READ
                    ? Finding.allowed("it is a secret of the policy")
                    : Finding.denied("it is a secret of the policy, which is read-only"));
  }

  private Optional<Finding> masked(UnixPath path) {
    return policy.maskedPaths().stream()
        .filter(path::startsWith)
        .findFirst()
        .map(mask -> Finding.denied("the policy masks " + mask + ", which is empty inside"));
  }

  private Optional<Finding> readOnly(Use use, UnixPath path) {
    return policy.readOnlyPaths().stream()
        .filter(kept -> use == Use.WRITE && path.startsWith(kept))
        .findFirst()
        .map(kept -> Finding.denied("the policy shows " + kept + " read-only"));
  }

  private Finding existing(Use use, NameResolution.Place place) {
    UnixPath path = place.path();
    Optional<Mount> mount = tree.mountAt(path);
    if (mount.isEmpty()) {
      return use == Use.WRITE ? root(path) : directory(use, path);
    }
    if (mount.get() instanceof Mount.Bind bind) {
      return bound(use, place, bind);
    }
    if (mount.get() instanceof Mount.Tmpfs) {
      return use == Use.EXEC
          ? Finding.denied(path + " is a directory")
          : Finding.allowed(path + " is a directory in memory");
    }
    return use == Use.READ
        ? Finding.allowed("the policy gives its content")
        : Finding.denied("the policy gives its content, which is read-only and no program");
  }

  private static Finding directory(Use use, UnixPath path) {
    return use == Use.EXEC
        ? Finding.denied(path + " is a directory")
        : Finding.allowed(path + " is a directory that holds what is shown below it");
  }

  private Finding bound(Use use, NameResolution.Place place, Mount.Bind bind) {
    UnixPath source = source(bind, place.path());
    if (use == Use.WRITE) {
      return refusedWrite(bind, place.path())
          .orElseGet(() -> Finding.there(permissions(source) + " decide"));
    }
    if (use == Use.EXEC && !bind.exec()) {
      return Finding.denied("nothing below " + bind.target() + " may be executed");
    }
    boolean now = use == Use.READ ? HostFiles.mayRead(source) : HostFiles.mayExecute(source);
    return Finding.there(
        permissions(source) + " decide; now they " + (now ? "let the caller" : "do not"));
  }

  private static Optional<Finding> refusedWrite(Mount.Bind bind, UnixPath path) {
    if (bind.access() == Access.READ_ONLY) {
      return Optional.of(Finding.denied(bind.target() + " is bound read-only"));
    }
    return bind.protect().stream()
        .filter(kept -> path.startsWith(bind.target().resolve(kept)))
        .findFirst()
        .map(kept -> ofProtected(bind, kept));
  }

  /** What does not exist at the start cannot be kept from being made. */
  private static Finding ofProtected(Mount.Bind bind, UnixPath kept) {
    boolean exists =
        bind.access() == Access.OVERLAY
            || HostFiles.status(source(bind, bind.target().resolve(kept))).isPresent();
    return exists
        ? Finding.denied(kept + " is protected in the bind at " + bind.target())
        : Finding.unknown(kept + " is protected where it exists at the start, and now it does not");
  }

  private static String permissions(UnixPath source) {
    return "the permissions of host:" + source;
  }

  /** Nothing stands there now; directories that are missing on the way, a program can make. */
  private Finding missing(Use use, UnixPath path) {
    Optional<Mount> mount = tree.mountAt(path);
    if (use == Use.EXEC && mount.isPresent()) {
      return madeProgram(mount.get(), path);
    }
    if (use != Use.WRITE) {
      return mount.map(m -> absent(m, path)).orElseGet(() -> ofRoot(path));
    }
    if (mount.isEmpty()) {
      return root(path);
    }
    if (mount.get() instanceof Mount.Bind bind) {
      UnixPath parent = NameResolution.parent(source(bind, path));
      return refusedWrite(bind, path)
          .orElseGet(() -> Finding.unknown(permissions(parent) + " decide"));
    }
    return mount.get() instanceof Mount.Tmpfs
        ? Finding.allowed(mount.get().target() + " is a directory in memory")
        : Finding.denied(mount.get().target() + " is no directory");
  }

  /** A program that is not there at the start may be put there. */
  private static Finding madeProgram(Mount mount, UnixPath path) {
    boolean executes =
        mount instanceof Mount.Bind bind
            ? bind.exec()
            : mount instanceof Mount.Tmpfs tmpfs && tmpfs.exec();
    boolean writable = !(mount instanceof Mount.Bind bind) || refusedWrite(bind, path).isEmpty();
    if (!executes) {
      return Finding.denied("nothing below " + mount.target() + " may be executed");
    }
    return writable
        ? Finding.unknown("what programs put at " + path + " decides")
        : absent(mount, path);
  }

  private static Finding absent(Mount mount, UnixPath path) {
    return Finding.absent(
        mount instanceof Mount.Bind bind
            ? "the host has nothing at " + source(bind, path)
            : mount.target() + " is empty at the start");
  }

  private Finding ofRoot(UnixPath path) {
    return policy.view() == View.IMAGE
        ? Finding.unknown("the image decides what stands at " + path)
        : Finding.absent("the policy shows nothing at " + path);
  }

  /** A write to the root itself. */
  private Finding root(UnixPath path) {
    if (policy.root() == RootAccess.READ_ONLY) {
      return Finding.denied("the root is read-only");
    }
    return policy.view() == View.IMAGE
        ? Finding.unknown("the permissions in the image decide for " + path)
        : Finding.allowed("the root is writable, in memory");
  }

  /** The host's file behind a path of a bind; its links are followed by the bind alone. */
  static UnixPath source(Mount.Bind bind, UnixPath path) {
    UnixPath source = HostFiles.canonical(bind.source()).orElse(bind.source());
    List<UnixPath> rest = path.components();
    for (UnixPath part : rest.subList(bind.target().components().size(), rest.size())) {
      source = source.resolve(part);
    }
    return source;
  }
}
