package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a sandbox's control group can be made (cgroups(7)).
 *
 * @param parents the directory in which a group with this controller can be made; a controller that
 *     this caller cannot have is not among the keys
 * @param unified of version 2: the directory in which a group can be made, whatever its controllers
 * @param forPrograms whether programs get a group that they may make others in, which needs version
 *     2: it is {@code unified} where that is there
 * @param lack why the controllers that are not there are not, the end of a sentence
 * @param remedy what to do about it
 */
public record ControlGroupPlace(
    Kind kind,
    Map<Controller, UnixPath> parents,
    Optional<UnixPath> unified,
    boolean forPrograms,
    String lack,
    String remedy) {
  /** What a group can limit. */
  public enum Controller {
    MEMORY("memory"),
    CPU("cpu"),
    PIDS("pids"),
    IO("io");

    private final String word;

    Controller(String word) {
      this.word = word;
    }

    /** As the kernel names it. */
    public String word() {
      return word;
    }
  }

  /** How the directories have to be treated. */
  public enum Kind {
    /** Nothing is limited, so no group is wanted. */
    UNNEEDED,
    /** No group can be made by this caller, or started this way. */
    NONE,
    /** Version 2: the directory has its controllers turned on for what is made in it. */
    UNIFIED,
    /**
     * Version 2: a directory that is this process's alone. It has to leave it for one below before
     * controllers can be turned on (the rule of no internal processes).
     */
    OWN_SCOPE,
    /** Version 1: a directory for each controller. */
    LEGACY
  }

  /** For launches that limit nothing by a group. */
  public static final ControlGroupPlace UNNEEDED =
      new ControlGroupPlace(Kind.UNNEEDED, Map.of(), Optional.empty(), false, "", "");

  public ControlGroupPlace {
    parents = parents.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(parents));
  }

  static ControlGroupPlace none(String lack, String remedy) {
    return new ControlGroupPlace(Kind.NONE, Map.of(), Optional.empty(), false, lack, remedy);
  }

  /** The same, where programs get a group of their own too. */
  public ControlGroupPlace withGroupForPrograms() {
    return new ControlGroupPlace(kind, parents, unified, true, lack, remedy);
  }

  /** The directory in which a group with {@code controller} can be made. */
  public Optional<UnixPath> parent(Controller controller) {
    return Optional.ofNullable(parents.get(controller));
  }
}
