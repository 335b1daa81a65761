package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A host's files in memory: any owner, any mode, any bytes in a name. */
final class FakeFiles implements PolicyFiles {
  static final int ALICE = 1000;

  private record Entry(Status status, byte[] content) {}

  private final Map<UnixPath, Entry> entries = new HashMap<>();
  private final Map<UnixPath, UnixPath> links = new HashMap<>();
  private final UnixPath currentDirectory;

  FakeFiles() {
    currentDirectory = UnixPath.of("/home/alice/project");
    directory("/", 0, 0755);
    directory("/home", 0, 0755);
    directory("/home/alice", ALICE, 0755);
    directory("/home/alice/project", ALICE, 0755);
  }

  FakeFiles directory(String path, int owner, int permissions) {
    return put(path, owner, owner, 0040000 | permissions, "");
  }

  FakeFiles file(String path, String content) {
    return put(path, ALICE, ALICE, 0100644, content);
  }

  FakeFiles put(String path, int uid, int gid, int mode, String content) {
    return put(UnixPath.of(path), new Status(uid, gid, mode), content);
  }

  FakeFiles put(UnixPath path, Status status, String content) {
    entries.put(path, new Entry(status, content.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /** A symbolic link that stands for one whole path. */
  FakeFiles link(String path, String target) {
    links.put(UnixPath.of(path), UnixPath.of(target));
    return this;
  }

  @Override
  public Found find(UnixPath name, int limit) throws IOException {
    UnixPath path = normal(name.isAbsolute() ? name : currentDirectory.resolve(name));
    UnixPath real = links.getOrDefault(path, path);
    Entry entry = entry(real);
    byte[] content =
        entry.status.isRegularFile()
            ? Arrays.copyOf(entry.content, Math.min(limit, entry.content.length))
            : new byte[0];
    return new Found(real, entry.status, content);
  }

  @Override
  public Status status(UnixPath path) throws IOException {
    return entry(path).status;
  }

  private Entry entry(UnixPath path) throws IOException {
    Entry entry = entries.get(path);
    if (entry == null) {
      throw new FileNotFoundException("No such file or directory");
    }
    if ((entry.status.mode() & 0400) == 0) {
      throw new IOException("Permission denied");
    }
    return entry;
  }

  private static UnixPath normal(UnixPath path) {
    UnixPath result = UnixPath.of("/");
    for (UnixPath part : path.components()) {
      if (!part.equals(UnixPath.of("."))) {
        result = result.resolve(part);
      }
    }
    return result;
  }
}
