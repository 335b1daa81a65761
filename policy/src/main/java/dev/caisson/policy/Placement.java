package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a policy puts at a path inside, as it was written. */
sealed interface Placement {
  /** Adds what stands at {@code target} on this host. */
  void place(UnixPath target, FilesystemResolver resolver);

  record Bind(
      Setting<Template> source,
      Mount.Access access,
      boolean system,
      boolean optional,
      List<UnixPath> protect,
      boolean exec)
      implements Placement {
    public Bind {
      protect = List.copyOf(protect);
    }

    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver
          .hostPath(source, access)
          .ifPresent(
              path ->
                  resolver.mount(
                      new Mount.Bind(target, path, access, system, optional, protect, exec)));
    }
  }

  record Tmpfs(long size, int mode, boolean exec, boolean mounts) implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver.mount(new Mount.Tmpfs(target, size, mode, exec, mounts));
    }
  }

  record Text(Setting<Template> text) implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver
          .text(text)
          .ifPresent(
              value ->
                  resolver.mount(
                      new Mount.TextFile(
                          target, new String(value.bytes(), StandardCharsets.UTF_8))));
    }
  }

  record Copy(Setting<Template> source) implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver
          .hostPath(source, Mount.Access.READ_ONLY)
          .ifPresent(path -> resolver.mount(new Mount.Copy(target, path)));
    }
  }

  record Link(Setting<Template> to) implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver.text(to).ifPresent(path -> resolver.mount(new Mount.Symlink(target, path)));
    }
  }

  /** The host's own link where it has one there, else a bind of its directory. */
  record HostLink() implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      Optional<UnixPath> link = resolver.rootLink(target);
      resolver.mount(
          link.isPresent()
              ? new Mount.Symlink(target, link.get())
              : new Mount.Bind(
                  target, target, Mount.Access.READ_ONLY, true, true, List.of(), true));
    }
  }

  record Masked() implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver.mask(target);
    }
  }

  record ReadOnly() implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      resolver.makeReadOnly(target);
    }
  }

  /** Takes away what a parent put there. */
  record Remove() implements Placement {
    @Override
    public void place(UnixPath target, FilesystemResolver resolver) {
      // nothing stands there
    }
  }
}
