package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.DirectoryEntry.Kind;
import dev.caisson.launch.HostEntry;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Mount.Access;
import dev.caisson.policy.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of the bound directories is not shown. */
final class HiddenFiles {
  private final MountTable mounts;
  private final HostFacts host;
  private final List<UnixPath> masked;
  private final List<String> notes = new ArrayList<>();

  HiddenFiles(MountTable mounts, HostFacts host, List<UnixPath> masked) {
    this.mounts = mounts;
    this.host = host;
    this.masked = new ArrayList<>(masked);
  }

  /** Names inside. */
  List<UnixPath> masked() {
    return List.copyOf(masked);
  }

  /** What the user should know of it. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Hides what in the system directories is not for everyone, and in writable directories the
   * FIFOs, whose other end is a process of the host.
   */
  void maskSecretsAndFifos() {
    SecretFiles secrets = new SecretFiles(host);
    // a copy, since what is left out is removed meanwhile
    mounts
        .binds()
        .toList()
        .forEach(
            bind ->
                HostFiles.canonical(bind.source())
                    .ifPresent(source -> maskSecretsAndFifos(bind, source, secrets)));
  }

  private void maskSecretsAndFifos(Mount.Bind bind, UnixPath source, SecretFiles secrets) {
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

  /**
   * Hides the kernel's own file systems below what is bound.
   *
   * @throws EngineRefusal if what is copied, or a secret, is of one, or a secret is a symbolic link
   */
  void maskKernelFiles(List<Secret> secrets) {
    mounts
        .binds()
        .forEach(
            bind ->
                HostFiles.canonical(bind.source())
                    .ifPresent(source -> mask(bind, source, KernelFiles.below(source))));
    mounts.stream()
        .filter(Mount.Copy.class::isInstance)
        .map(mount -> ((Mount.Copy) mount).source())
        .forEach(HiddenFiles::refuseKernelFiles);
    for (Secret secret : secrets) {
      if (secret.source() instanceof Secret.File file) {
        refuseLink(secret.name(), file.path());
        refuseKernelFiles(file.path());
      }
    }
  }

  private static void refuseKernelFiles(UnixPath file) {
    HostFiles.canonical(file).ifPresent(KernelFiles::below);
  }

  private static void refuseLink(String secret, UnixPath file) {
    if (HostFiles.status(file).filter(HostEntry::isSymbolicLink).isPresent()) {
      throw new EngineRefusal(
          "read the secret " + secret, file + " is a symbolic link", "Name the file itself");
    }
  }

  private void mask(Mount.Bind bind, UnixPath source, List<UnixPath> paths) {
    for (UnixPath path : paths) {
      UnixPath inside = bind.target().resolve(NameResolution.relative(source, path));
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
}
