package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What directories get once all is in them: a mode without write or search bits comes last. */
final class DirectoryMetadata {
  /** The names of all directories of one layer together, in bytes. */
  private static final long MOST_BYTES = 64L << 20;

  private record Metadata(int permissions, long uid, long gid, FileTime modified) {}

  private final Ownership ownership;
  private final Map<UnixPath, Metadata> directories = new HashMap<>();
  private long bytes;

  DirectoryMetadata(Ownership ownership) {
    this.ownership = ownership;
  }

  /** Remembers what the archive says of a directory; the ids are the host's. */
  void put(UnixPath path, int permissions, long uid, long gid, FileTime modified)
      throws ArchiveProblem {
    if (directories.put(path, new Metadata(permissions, uid, gid, modified)) == null) {
      bytes += path.bytes().length;
    }
    if (bytes > MOST_BYTES) {
      throw new ArchiveProblem("the names of the directories alone take " + bytes + " bytes");
    }
  }

  /** For a directory that the archive does not list: as a lower layer has it. */
  void putLike(UnixPath path, FileStatus lower) throws ArchiveProblem {
    put(path, lower.permissions(), lower.uid(), lower.gid(), lower.modified());
  }

  /** For a directory that no layer lists. */
  void putDefault(UnixPath path) throws ArchiveProblem {
    put(path, 0755, ownership.host(0), ownership.host(0), FileTime.EPOCH);
  }

  boolean has(UnixPath path) {
    return directories.containsKey(path);
  }

  void remove(UnixPath path) {
    directories.remove(path);
  }

  /** Applies everything, the deepest directories first. */
  void apply(Directory root) throws FileProblem {
    List<Map.Entry<UnixPath, Metadata>> deepestFirst = new ArrayList<>(directories.entrySet());
    deepestFirst.sort(Map.Entry.comparingByKey(LayerContent.ROOT_LAST));
    for (Map.Entry<UnixPath, Metadata> entry : deepestFirst) {
      Metadata metadata = entry.getValue();
      try (Directory directory = root.directory(entry.getKey())) {
        if (ownership.isRange()) {
          directory.setOwner(metadata.uid(), metadata.gid());
        }
        directory.setTimes(metadata.modified());
        directory.setPermissions(metadata.permissions());
      }
    }
  }
}
