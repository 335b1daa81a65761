package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The files that executing a command leads to in some tree: the program, the interpreter that its
 * {@code #!} names, and the program that {@code env} looks for.
 */
final class CommandChain {
  private static final int MAX_LENGTH = 8;
  private static final Optional<UnixPath> ENV = Optional.of(UnixPath.of("env"));
  private static final UnixPath DEFAULT_PATH = UnixPath.of("/usr/local/bin:/usr/bin:/bin");

  /**
   * One program of the chain.
   *
   * @param name as it was asked for
   * @param place where it is; the last place looked at where it is not there
   */
  record Program(UnixPath name, NameResolution.Place place) {
    boolean isThere() {
      return !(place.node() instanceof FileTree.Node.Absent);
    }

    boolean isDirectory() {
      return place.node() instanceof FileTree.Node.Directory;
    }

    Optional<UnixPath> source() {
      return place.node() instanceof FileTree.Node.File file
          ? Optional.of(file.source())
          : Optional.empty();
    }
  }

  private final FileTree tree;
  private final UnixPath directory;
  private final List<UnixPath> searchPath;

  /**
   * @param directory the current directory, which relative names are taken from
   * @param path the value of PATH
   */
  CommandChain(FileTree tree, UnixPath directory, Optional<UnixPath> path) {
    this.tree = tree;
    this.directory = directory;
    this.searchPath = split(path.orElse(DEFAULT_PATH));
  }

  /** The programs that {@code command} executes, at least one; the last may not be there. */
  List<Program> of(List<UnixPath> command) {
    List<Program> chain = new ArrayList<>();
    List<UnixPath> rest = command;
    while (!rest.isEmpty() && chain.size() < MAX_LENGTH) {
      Program program = find(rest.get(0));
      chain.add(program);
      rest = next(program, rest);
    }
    return chain;
  }

  /** What {@code program} executes in its turn. */
  private static List<UnixPath> next(Program program, List<UnixPath> command) {
    if (program.name().components().stream().reduce((a, b) -> b).equals(ENV)) {
      return Shebang.programOfEnv(command.subList(1, command.size()))
          .map(List::of)
          .orElse(List.of());
    }
    Optional<Shebang> script =
        program
            .source()
            .flatMap(source -> HostFiles.start(source, Shebang.LENGTH))
            .flatMap(Shebang::read);
    List<UnixPath> next = new ArrayList<>();
    script.ifPresent(
        shebang -> {
          next.add(shebang.interpreter());
          next.addAll(shebang.arguments());
        });
    return next;
  }

  private Program find(UnixPath name) {
    if (holdsSlash(name)) {
      return new Program(name, NameResolution.follow(tree, absolute(name)));
    }
    for (UnixPath place : searchPath) {
      NameResolution.Place found = NameResolution.follow(tree, absolute(place).resolve(name));
      if (found.node() instanceof FileTree.Node.File file && file.executable()) {
        return new Program(name, found);
      }
    }
    return new Program(name, new NameResolution.Place(name, new FileTree.Node.Absent(), List.of()));
  }

  private UnixPath absolute(UnixPath path) {
    return path.isAbsolute() ? path : directory.resolve(path);
  }

  private static boolean holdsSlash(UnixPath name) {
    for (byte b : name.bytes()) {
      if (b == '/') {
        return true;
      }
    }
    return false;
  }

  private static List<UnixPath> split(UnixPath path) {
    List<UnixPath> parts = new ArrayList<>();
    byte[] bytes = path.bytes();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == ':') {
        // an empty entry means the current directory
        parts.add(UnixPath.of(Arrays.copyOfRange(bytes, start, i)));
        start = i + 1;
      }
    }
    return parts;
  }
}
