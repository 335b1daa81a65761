package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;

/**
 * Where the record of a run is written.
 *
 * @param directory that exists when the launch starts
 * @param name of the file, which may exist and is then replaced
 */
public record ResultFile(UnixPath directory, UnixPath name) {
  /** The file at an absolute path; none where the path ends in no name. */
  public static Optional<ResultFile> at(UnixPath path) {
    List<UnixPath> components = path.components();
    if (components.isEmpty()) {
      return Optional.empty();
    }
    UnixPath name = components.get(components.size() - 1);
    if (name.equals(UnixPath.of(".")) || name.equals(UnixPath.of(".."))) {
      return Optional.empty();
    }
    UnixPath directory = UnixPath.of("/");
    for (UnixPath component : components.subList(0, components.size() - 1)) {
      directory = directory.resolve(component);
    }
    return Optional.of(new ResultFile(directory, name));
  }

  @Override
  public String toString() {
    return directory.resolve(name).toString();
  }
}
