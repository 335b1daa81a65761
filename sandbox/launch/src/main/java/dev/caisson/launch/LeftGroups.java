package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.HashSet;
import java.util.Set;

/** Control groups that a killed keeper did not remove. */
public final class LeftGroups {
  private LeftGroups() {}

  /** Removes the empty groups of dead keepers in these places; what is in use stays. */
  public static void remove(ControlGroupPlace place) {
    Set<UnixPath> parents = new HashSet<>(place.parents().values());
    place.unified().ifPresent(parents::add);
    for (UnixPath parent : parents) {
      try (Directory directory = Directory.open(parent)) {
        for (UnixPath name : directory.list()) {
          if (isOfDeadKeeper(name.toString())) {
            remove(directory, name);
          }
        }
      } catch (FileProblem problem) {
        throw new HostRefusal(
            "remove what killed sandboxes left in " + parent,
            String.valueOf(problem.getMessage()),
            "Remove the empty directories " + ControlGroupSteps.NAME + "* there by hand");
      }
    }
  }

  private static boolean isOfDeadKeeper(String name) {
    if (!name.startsWith(ControlGroupSteps.NAME)) {
      return false;
    }
    int end = name.length();
    while (name.charAt(end - 1) == 'x') {
      end--;
    }
    String number = name.substring(ControlGroupSteps.NAME.length(), end);
    return !number.isEmpty()
        && number.chars().allMatch(digit -> digit >= '0' && digit <= '9')
        && HostFiles.status(UnixPath.of("/proc/" + number)).isEmpty();
  }

  private static void remove(Directory parent, UnixPath name) throws FileProblem {
    try (Directory group = parent.directory(name);
        FileLock lock = group.lockItself()) {
      if (lock.tryExclusive()) {
        removeBelow(group);
        parent.removeDirectory(name);
      }
    } catch (FileProblem problem) {
      // gone in the meantime, or not empty: its processes are ending
      if (!problem.is(Errno.ENOENT) && !problem.is(Errno.EBUSY)) {
        throw problem;
      }
    }
  }

  /** What an init made in its own; the files of a group go with it. */
  private static void removeBelow(Directory group) throws FileProblem {
    for (UnixPath name : group.list()) {
      if (group.status(name).filter(s -> s.type() == FileType.DIRECTORY).isPresent()) {
        try (Directory below = group.directory(name)) {
          removeBelow(below);
        }
        group.removeDirectory(name);
      }
    }
  }
}
