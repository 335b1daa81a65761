package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sees to it that a wrapped command is the one that the caller would have started: a hidden
 * directory early in PATH would otherwise start another program of the same name in silence.
 */
final class WrapCommand {
  private final FileTree view;
  private final UnixPath home;

  WrapCommand(FileTree view, UnixPath home) {
    this.view = view;
    this.home = home;
  }

  /**
   * Compares what {@code command} leads to on the host with what it leads to inside.
   *
   * @throws EngineRefusal with status 127 where the two differ or where nothing is found, 126 where
   *     it is a directory
   */
  void check(List<UnixPath> command, CommandChain host, CommandChain inside) {
    List<CommandChain.Program> onHost = host.of(command);
    List<CommandChain.Program> inView = inside.of(command);
    UnixPath name = command.get(0);
    if (onHost.get(0).isDirectory()) {
      throw directory(name);
    }
    for (int i = 0; i < inView.size(); i++) {
      CommandChain.Program there = inView.get(i);
      Optional<CommandChain.Program> here =
          i < onHost.size() && onHost.get(i).isThere()
              ? Optional.of(onHost.get(i))
              : Optional.empty();
      if (here.isPresent() && !here.get().source().equals(there.source())) {
        throw hidden(name, here.get(), there);
      }
      if (here.isEmpty() && !there.isThere()) {
        throw missing(name, there, i > 0);
      }
    }
  }

  private static EngineRefusal directory(UnixPath name) {
    return new EngineRefusal(
        "run " + name,
        name + " is a directory",
        "Name a program; a bind that shows it elsewhere is one word, SRC:DST",
        EngineRefusal.NOT_EXECUTABLE);
  }

  private EngineRefusal hidden(
      UnixPath command, CommandChain.Program here, CommandChain.Program there) {
    UnixPath place = here.place().path();
    if (there.isThere() && place.equals(there.place().path())) {
      return new EngineRefusal(
          "run " + command,
          place + " is another file inside: the policy puts one of its own there",
          "Show the host's with --ro-bind " + place,
          EngineRefusal.NOT_FOUND);
    }
    List<UnixPath> hidden =
        Stream.concat(here.place().links().stream(), Stream.of(place))
            .filter(path -> view.at(path) instanceof FileTree.Node.Absent)
            .toList();
    List<UnixPath> show = hidden.isEmpty() ? List.of(place) : hidden;
    String instead = there.isThere() ? "; " + there.place().path() + " would run in its place" : "";
    return new EngineRefusal(
        "run " + command,
        here.name().equals(place)
            ? place + " is hidden inside" + instead
            : here.name()
                + " is "
                + place
                + " here, and "
                + show.get(0)
                + " is hidden inside"
                + instead,
        "Show it with "
            + show.stream()
                .map(path -> "--ro-bind " + directoryToShow(path))
                .distinct()
                .collect(Collectors.joining(" ")),
        EngineRefusal.NOT_FOUND);
  }

  private static EngineRefusal missing(
      UnixPath command, CommandChain.Program program, boolean interpreter) {
    boolean along = !program.name().isAbsolute() && program.place().path().equals(program.name());
    return new EngineRefusal(
        "run " + command,
        (interpreter ? "what runs it, " + program.name() + "," : program.name().toString())
            + (along ? " is not found along PATH" : " does not exist"),
        "Check the name",
        EngineRefusal.NOT_FOUND);
  }

  /** The smallest directory that is likely to hold all that the program needs. */
  UnixPath directoryToShow(UnixPath program) {
    List<UnixPath> components = program.components();
    int homeLength = home.components().size();
    int length;
    if (program.startsWith(home) && homeLength > 0) {
      boolean nested =
          components.size() > homeLength + 2 && isShared(components.get(homeLength).toString());
      length = homeLength + (nested ? 2 : 1);
    } else {
      length = components.size() - 1;
      if (length > 2 && components.get(length - 1).toString().equals("bin")) {
        length--;
      }
    }
    return NameResolution.join(components.subList(0, Math.max(length, 1)));
  }

  /** Directories of a home that hold the files of many programs. */
  private static boolean isShared(String name) {
    return name.equals(".local")
        || name.equals(".config")
        || name.equals(".cache")
        || name.equals(".var");
  }
}
