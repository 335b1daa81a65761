package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Mount.Access;
import java.util.ArrayList;
import java.util.List;

/** What stays read-only within writable binds. */
final class WriteProtection {
  private final HostFacts host;
  private final List<UnixPath> unprotected = new ArrayList<>();

  WriteProtection(HostFacts host) {
    this.host = host;
  }

  /** Names are relative to the bind, or absolute inside. */
  void lift(List<UnixPath> paths) {
    unprotected.addAll(paths);
  }

  /**
   * Refuses to lift what nothing needs.
   *
   * @throws EngineRefusal where no directory of the host is writable
   */
  void requireWritable(MountTable mounts) {
    if (unprotected.isEmpty()) {
      return;
    }
    if (mounts.binds().allMatch(bind -> bind.access() == Access.READ_ONLY)) {
      throw new EngineRefusal(
          "let " + unprotected.get(0) + " be written to",
          "--allow-write lifts a protection within a writable directory, and none is asked for",
          "Ask for one, with --rw, --bind or -v");
    }
  }

  /** The files of {@code directory} that would run code outside later, and {@code also}. */
  List<UnixPath> within(UnixPath directory, List<UnixPath> also) {
    List<UnixPath> protect = new ArrayList<>(also);
    protect.addAll(new GitView(host).hooks(HostFiles.canonical(directory).orElse(directory)));
    return ProtectedFiles.within(directory, protect);
  }

  /** The bind with {@code file} protected, if it is within and could be written to. */
  static Mount.Bind protect(Mount.Bind bind, UnixPath file) {
    if (bind.access() != Access.READ_WRITE) {
      return bind;
    }
    UnixPath source = HostFiles.canonical(bind.source()).orElse(bind.source());
    if (!file.startsWith(source) || file.equals(source)) {
      return bind;
    }
    List<UnixPath> protect = new ArrayList<>(bind.protect());
    protect.add(NameResolution.relative(source, file));
    return bind.withProtect(protect);
  }

  Mount.Bind withoutLifted(Mount.Bind bind) {
    return bind.withProtect(bind.protect().stream().filter(path -> !isLifted(bind, path)).toList());
  }

  private boolean isLifted(Mount.Bind bind, UnixPath path) {
    UnixPath inside = bind.target().resolve(path);
    return unprotected.stream()
        .anyMatch(allowed -> path.startsWith(allowed) || inside.startsWith(allowed));
  }
}
