package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.function.UnaryOperator;

/** Something placed at a path inside. */
public sealed interface Mount
    permits Mount.Bind, Mount.Tmpfs, Mount.TextFile, Mount.Symlink, Mount.Copy {
  /** How much of a bound tree the payload may change; the strictest first. */
  enum Access {
    READ_ONLY,
    /** Writes go to memory and end with the sandbox. */
    OVERLAY,
    READ_WRITE
  }

  /** Where it stands inside: absolute, without {@code .}, {@code ..} and doubled slashes. */
  UnixPath target();

  /**
   * Whether it surely stands over what would show at its target otherwise. What may be left out on
   * a host does not, nor does a link, which gives way to what is there.
   */
  boolean surelyCovers();

  /** This with another path of the host, if it has one. */
  default Mount withSource(UnaryOperator<UnixPath> change) {
    return this;
  }

  /**
   * A file or directory of the host.
   *
   * @param source absolute, on the host; a launch takes none that leads through a link
   * @param system a system directory: bound as it is. Other read-only directories are overlaid, so
   *     that a socket or FIFO in them reaches no one
   * @param optional left out where the source does not exist or others may not read it
   * @param protect paths below that stay read-only in a writable bind
   * @param exec whether programs in it may be executed
   */
  record Bind(
      UnixPath target,
      UnixPath source,
      Access access,
      boolean system,
      boolean optional,
      List<UnixPath> protect,
      boolean exec)
      implements Mount {
    public Bind {
      protect = List.copyOf(protect);
    }

    @Override
    public boolean surelyCovers() {
      return !optional;
    }

    /** This bind with other protected paths. */
    public Bind withProtect(List<UnixPath> paths) {
      return new Bind(target, source, access, system, optional, paths, exec);
    }

    @Override
    public Bind withSource(UnaryOperator<UnixPath> change) {
      return new Bind(target, change.apply(source), access, system, optional, protect, exec);
    }
  }

  /**
   * An empty file system in memory.
   *
   * @param size in bytes
   * @param mode as chmod(2) takes it
   * @param exec whether programs in it may be executed
   * @param mounts whether programs may mount others in it, none of which is larger
   */
  record Tmpfs(UnixPath target, long size, int mode, boolean exec, boolean mounts)
      implements Mount {
    /** One in which nothing can be mounted. */
    public Tmpfs(UnixPath target, long size, int mode, boolean exec) {
      this(target, size, mode, exec, false);
    }

    @Override
    public boolean surelyCovers() {
      return true;
    }
  }

  /** A read-only file with this text. */
  record TextFile(UnixPath target, String text) implements Mount {
    @Override
    public boolean surelyCovers() {
      return true;
    }
  }

  /** A symbolic link. */
  record Symlink(UnixPath target, UnixPath link) implements Mount {
    @Override
    public boolean surelyCovers() {
      return false;
    }
  }

  /**
   * A small file of the host, copied at the start; left out where it is absent or others may not
   * read it.
   */
  record Copy(UnixPath target, UnixPath source) implements Mount {
    @Override
    public boolean surelyCovers() {
      return false;
    }

    @Override
    public Copy withSource(UnaryOperator<UnixPath> change) {
      return new Copy(target, change.apply(source));
    }
  }
}
