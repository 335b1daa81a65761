package dev.caisson.engine;

import dev.caisson.UnixPath;

/** A file system that names are looked up in: the host's, or what a sandbox will see. */
interface FileTree {
  /**
   * What stands at {@code path}.
   *
   * @param path absolute; nothing above its last component is a symbolic link
   */
  Node at(UnixPath path);

  /** What a name leads to. */
  sealed interface Node {
    /** Nothing, or nothing that the caller can reach. */
    record Absent() implements Node {}

    record Directory() implements Node {}

    record Link(UnixPath text) implements Node {}

    /**
     * A file of the host.
     *
     * @param source its path on the host
     */
    record File(UnixPath source, boolean executable) implements Node {}

    /** A file that exists inside only. */
    record Synthesized() implements Node {}
  }
}
