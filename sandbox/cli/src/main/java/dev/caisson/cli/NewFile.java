package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.OpenFile;
import java.util.List;

/** A file that is written under a name that must be free, or in the place of an older one. */
final class NewFile {
  private final UnixPath path;
  private final UnixPath directory;
  private final UnixPath name;

  NewFile(UnixPath path) {
    this.path = path;
    List<UnixPath> components = path.components();
    boolean plain =
        !components.isEmpty()
            && !components.get(components.size() - 1).equals(UnixPath.of(".."))
            && !components.get(components.size() - 1).equals(UnixPath.of("."));
    if (!plain) {
      throw new FileRefusal("write " + path, "it names no file", "Name a file");
    }
    this.name = components.get(components.size() - 1);
    UnixPath parent = UnixPath.of(path.isAbsolute() ? "/" : ".");
    for (UnixPath component : components.subList(0, components.size() - 1)) {
      parent = parent.resolve(component);
    }
    this.directory = parent;
  }

  /**
   * Writes it.
   *
   * @throws FileRefusal where something has the name already
   */
  void create(byte[] content, int permissions) {
    try (Directory parent = Directory.open(directory)) {
      write(parent, name, content, permissions);
    } catch (FileProblem problem) {
      throw problem.is(Errno.EEXIST)
          ? FileRefusal.exists(path)
          : FileRefusal.of("write " + path, problem);
    }
  }

  /** Writes it under another name and puts it in the place of what has this one. */
  void replace(byte[] content, int permissions) {
    UnixPath temporary = UnixPath.of(".caisson-" + Long.toHexString(System.nanoTime()) + ".part");
    try (Directory parent = Directory.open(directory)) {
      write(parent, temporary, content, permissions);
      try {
        parent.replace(temporary, parent, name);
      } catch (FileProblem problem) {
        parent.remove(temporary);
        throw problem;
      }
    } catch (FileProblem problem) {
      throw FileRefusal.of("write " + path, problem);
    }
  }

  /**
   * Looks before long work whether the name is free and can be taken.
   *
   * @throws FileRefusal where it cannot
   */
  void requireFree() {
    if (exists()) {
      throw FileRefusal.exists(path);
    }
    if (!HostFiles.mayWrite(directory)) {
      throw new FileRefusal(
          "write " + path,
          "the caller may not write to its directory",
          "Name a file in a directory of yours");
    }
  }

  boolean exists() {
    try (Directory parent = Directory.open(directory)) {
      return parent.status(name).isPresent();
    } catch (FileProblem problem) {
      throw FileRefusal.of("write " + path, problem);
    }
  }

  private static void write(Directory parent, UnixPath name, byte[] content, int permissions)
      throws FileProblem {
    try (OpenFile file = parent.create(name, permissions)) {
      try {
        // the umask may have taken bits away
        file.setPermissions(permissions);
        file.write(content);
        file.sync();
      } catch (FileProblem problem) {
        parent.remove(name);
        throw problem;
      }
    }
  }
}
