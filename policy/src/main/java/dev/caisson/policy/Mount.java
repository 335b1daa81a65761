package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.List;

/** Something placed at a path inside. */
public sealed interface Mount
    permits Mount.Bind, Mount.Tmpfs, Mount.TextFile, Mount.Symlink, Mount.Copy {
  /** How much of a bound tree the payload may change. */
  enum Access {
    READ_ONLY,
    READ_WRITE
  }

  /** Where it stands inside: absolute, without {@code .}, {@code ..} and doubled slashes. */
  UnixPath target();

  /**
   * A file or directory of the host.
   *
   * @param source absolute, on the host; the planner resolves its links
   * @param system a system directory: bound as it is. Other read-only directories are overlaid, so
   *     that a socket or FIFO in them reaches no one
   * @param optional left out where the source does not exist or others may not read it
   * @param protect paths below that stay read-only in a writable bind
   */
  record Bind(
      UnixPath target,
      UnixPath source,
      Access access,
      boolean system,
      boolean optional,
      List<UnixPath> protect)
      implements Mount {
    public Bind {
      protect = List.copyOf(protect);
    }
  }

  /** An empty file system in memory; {@code mode} as chmod(2) takes it, {@code size} in bytes. */
  record Tmpfs(UnixPath target, long size, int mode) implements Mount {}

  /** A read-only file with this text. */
  record TextFile(UnixPath target, String text) implements Mount {}

  /** A symbolic link. */
  record Symlink(UnixPath target, UnixPath link) implements Mount {}

  /**
   * A small file of the host, copied at the start; left out where it is absent or others may not
   * read it.
   */
  record Copy(UnixPath target, UnixPath source) implements Mount {}
}
