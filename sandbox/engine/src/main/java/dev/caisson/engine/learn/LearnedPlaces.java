package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.launch.FileType;
import dev.caisson.policy.Mount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a learned policy places inside: of what the run was shown, that which it used. */
final class LearnedPlaces {
  /** More files than this of one directory are learned as the directory. */
  static final int CROWD = 40;

  /** More places than this are learned as the directories that hold them. */
  static final int MOST = 500;

  private static final UnixPath ROOT = UnixPath.of("/");

  /**
   * Something that is placed.
   *
   * @param value as the policy says it
   * @param why what of it was used
   * @param wider whether it shows more than was used
   */
  record Place(JsonObject value, String why, boolean wider) {}

  private final PathLog log;
  private final PlaceValues values;
  private final Map<UnixPath, Place> places = new TreeMap<>();

  /** Directories that must be there, and why. */
  private final Map<UnixPath, String> empty = new TreeMap<>();

  private final Set<UnixPath> listed = new TreeSet<>();
  private final List<String> gaps = new ArrayList<>();

  private LearnedPlaces(PathLog log, PlaceValues values) {
    this.log = log;
    this.values = values;
  }

  /**
   * Learns.
   *
   * @param base the places of the policy of the run, as it says them
   * @param directory where the program starts, which a wrapped command is shown unless the policy
   *     puts something there
   */
  static LearnedPlaces of(PathLog log, JsonObject base, Optional<UnixPath> directory) {
    LearnedPlaces learned = new LearnedPlaces(log, new PlaceValues(base));
    log.used().forEach(learned::learn);
    log.directories().forEach(learned::keepDirectory);
    directory.ifPresent(learned::placeDirectories);
    return learned;
  }

  private void learn(Mount mount, PathLog.Used used) {
    if (mount instanceof Mount.Bind bind && !bind.system()) {
      files(bind, used);
    } else {
      boolean wider = mount instanceof Mount.Bind;
      place(mount.target(), values.of(mount), why(used), wider && !used.files().isEmpty());
    }
  }

  private static String why(PathLog.Used used) {
    int files = used.files().size();
    if (files == 0) {
      return "followed as a link";
    }
    UnixPath first = example(used);
    PathLog.File file = used.files().getOrDefault(first, used.files().values().iterator().next());
    if (files == 1) {
      return first + " was " + said(file);
    }
    return (used.tooManyFiles() ? "more than " : "")
        + files
        + " files of it were used, such as "
        + first
        + (used.changed() ? "; written to" : "");
  }

  private static UnixPath example(PathLog.Used used) {
    for (Map.Entry<UnixPath, PathLog.File> each : used.files().entrySet()) {
      if (each.getValue().type() == FileType.REGULAR) {
        return each.getKey();
      }
    }
    return used.files().keySet().iterator().next();
  }

  private static String said(PathLog.File file) {
    List<String> words = new ArrayList<>();
    file.uses().forEach(use -> words.add(use.toString()));
    return String.join(" and ", words) + (file.times() > 1 ? ", " + file.times() + " times" : "");
  }

  /** A directory that is not the system's: file by file. */
  private void files(Mount.Bind bind, PathLog.Used used) {
    if (used.tooManyFiles()) {
      place(bind.target(), values.of(bind), why(used), true);
      return;
    }
    boolean writable = bind.access() != Mount.Access.READ_ONLY;
    Map<UnixPath, String> whole = writable ? changed(bind, used) : new HashMap<>();
    crowded(used).forEach(whole::putIfAbsent);
    whole.forEach(
        (directory, why) ->
            place(
                directory,
                values.of(bind, directory, writable && why.startsWith(WRITTEN)),
                why,
                true));
    used.links()
        .forEach(
            (path, text) -> {
              if (!isWithin(whole.keySet(), path)) {
                place(path, PlaceValues.link(text), "followed as a link", false);
              }
            });
    used.files()
        .forEach(
            (path, file) -> {
              if (!isWithin(whole.keySet(), path)) {
                file(bind, path, file, writable);
              }
            });
  }

  private static final String WRITTEN = "names in it were made, removed or changed, such as ";

  /**
   * Directories in which names were made: what does not exist cannot be bound, and what is written
   * to memory is a layer over a directory.
   */
  private static Map<UnixPath, String> changed(Mount.Bind bind, PathLog.Used used) {
    Map<UnixPath, String> changed = new TreeMap<>();
    used.files()
        .forEach(
            (path, file) -> {
              boolean made =
                  file.uses().contains(Use.CREATE)
                      || (bind.access() == Mount.Access.OVERLAY && file.uses().contains(Use.WRITE));
              if (made && !path.equals(bind.target())) {
                changed.putIfAbsent(parent(path), WRITTEN + path);
              }
            });
    // what lies in another of them is there with it
    List<UnixPath> all = List.copyOf(changed.keySet());
    for (UnixPath inner : all) {
      if (all.stream().anyMatch(outer -> !outer.equals(inner) && inner.startsWith(outer))) {
        changed.remove(inner);
      }
    }
    return changed;
  }

  private static Map<UnixPath, String> crowded(PathLog.Used used) {
    Map<UnixPath, Integer> sizes = new TreeMap<>();
    used.files()
        .forEach(
            (path, file) -> {
              if (file.type() != FileType.DIRECTORY) {
                sizes.merge(parent(path), 1, Integer::sum);
              }
            });
    int crowd = used.files().size() > MOST ? 1 : CROWD;
    Map<UnixPath, String> crowded = new TreeMap<>();
    sizes.forEach(
        (directory, size) -> {
          if (size > crowd) {
            crowded.put(directory, size + " files of it were used");
          }
        });
    return crowded;
  }

  private static boolean isWithin(Set<UnixPath> places, UnixPath path) {
    return places.stream().anyMatch(path::startsWith);
  }

  private void file(Mount.Bind bind, UnixPath path, PathLog.File file, boolean writable) {
    switch (file.type()) {
      case REGULAR -> {
        boolean changed = writable && file.uses().contains(Use.WRITE);
        place(path, values.of(bind, path, changed), "it was " + said(file), false);
      }
      case DIRECTORY -> keepDirectory(path, file);
      case SYMLINK -> {
        // one that was followed is placed as what it holds
      }
      default -> gaps.add(path + ", " + file.type().description() + ", cannot be shown");
    }
  }

  /** A directory that must be there, and is not for anything below it. */
  private void keepDirectory(UnixPath path, PathLog.File file) {
    if (file.type() == FileType.DIRECTORY && !path.equals(ROOT)) {
      empty.put(path, "it was " + said(file) + "; nothing else of it was");
    }
    if (file.uses().contains(Use.LIST) && listed.size() < PathLog.MOST_NAMED) {
      listed.add(path);
    }
  }

  /** What is not in a place that was learned so far. */
  private void placeDirectories(UnixPath start) {
    Set<UnixPath> full = Set.copyOf(places.keySet());
    if (!isWithin(full, start)) {
      // else a wrapped command is shown all of it
      place(start, PlaceValues.emptyDirectory(), "the program starts in it", false);
    }
    empty.forEach((path, why) -> placeEmpty(full, path, why));
    for (UnixPath path : listed) {
      if (!isWithin(full, path)) {
        gaps.add(
            path
                + " was listed: inside it holds nothing but what was used of it. Bind it in the"
                + " policy if the program works on what it finds there");
      }
    }
  }

  private void placeEmpty(Set<UnixPath> full, UnixPath path, String why) {
    boolean holds = full.stream().anyMatch(place -> place.startsWith(path));
    if (!holds && !isWithin(full, path) && places.size() < MOST) {
      place(path, PlaceValues.emptyDirectory(), why, false);
    }
  }

  private void place(UnixPath path, JsonObject value, String why, boolean wider) {
    if (PlaceValues.canBeWritten(path)) {
      places.putIfAbsent(path, new Place(value, why, wider));
    } else {
      gaps.add(path + " cannot be written in a policy: its name is no UTF-8");
    }
  }

  private static UnixPath parent(UnixPath path) {
    List<UnixPath> parts = path.components();
    UnixPath parent = ROOT;
    for (UnixPath part : parts.subList(0, Math.max(0, parts.size() - 1))) {
      parent = parent.resolve(part);
    }
    return parent;
  }

  /** By the path inside. */
  Map<UnixPath, Place> places() {
    return places;
  }

  /** What was used and is not there. */
  List<String> gaps() {
    return gaps;
  }
}
