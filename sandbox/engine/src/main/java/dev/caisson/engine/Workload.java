package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.signing.ImageReference;
import java.util.List;
import java.util.Optional;

/** What is to be run. */
public sealed interface Workload {
  /**
   * A program of an image.
   *
   * @param key the public key that the image must be signed by; without it the policy's trust
   *     decides
   * @param command what replaces the image's Cmd; empty to keep it
   * @param entrypoint what replaces the image's Entrypoint; an empty path leaves it out
   */
  record Image(
      ImageReference reference,
      Optional<UnixPath> key,
      List<UnixPath> command,
      Optional<UnixPath> entrypoint)
      implements Workload {
    public Image {
      command = List.copyOf(command);
    }
  }

  /** A program of a directory that holds a root file system. */
  record Directory(UnixPath root, List<UnixPath> command) implements Workload {
    public Directory {
      command = List.copyOf(command);
    }
  }

  /**
   * A command of the host, in a view of the host.
   *
   * @param writable whether it may write to the current directory
   * @param repository whether it sees the git repository that the current directory belongs to, and
   *     writes to this worktree's git directory where it may write to the current one
   */
  record HostCommand(List<UnixPath> command, boolean writable, boolean repository, Home home)
      implements Workload {
    public HostCommand {
      command = List.copyOf(command);
    }

    /** Without more of a repository than the current directory. */
    public HostCommand(List<UnixPath> command, boolean writable, Home home) {
      this(command, writable, false, home);
    }
  }

  /** What a host command sees in place of the home directory. */
  sealed interface Home {
    /** What the policy says; with the built-in ones an empty directory in memory. */
    record OfPolicy() implements Home {}

    /** An empty directory in memory. */
    record Empty() implements Home {}

    /** The real one, to read. */
    record ReadOnly() implements Home {}

    /** A directory of the host, writable, that keeps what is written. */
    record Kept(UnixPath directory) implements Home {}
  }
}
