package dev.caisson.launch;

import dev.caisson.UnixPath;

/** A name in a directory, and what kind of file it stands for. */
public record DirectoryEntry(UnixPath name, Kind kind) {
  /** What a name stands for. */
  public enum Kind {
    DIRECTORY,
    FILE,
    LINK,
    FIFO,
    /** A device or socket. */
    OTHER
  }
}
