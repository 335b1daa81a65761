package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.launch.FileType;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.SandboxView.Link;
import dev.caisson.launch.SandboxView.Place;
import dev.caisson.policy.Mount;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files of a run, each under what the policy of the run places where it lies. */
final class PathLog {
  /** More files than this in one place are counted, and no longer told apart. */
  static final int MOST_FILES = 2_000;

  /** How many of a kind are named in a report. */
  static final int MOST_NAMED = 50;

  private static final UnixPath PROC = UnixPath.of("/proc");
  private static final UnixPath DEV = UnixPath.of("/dev");

  /** A file, by its path without links. */
  static final class File {
    private final EnumSet<Use> uses = EnumSet.noneOf(Use.class);
    private final FileType type;
    private long times;

    private File(FileType type) {
      this.type = type;
    }

    Set<Use> uses() {
      return uses;
    }

    FileType type() {
      return type;
    }

    long times() {
      return times;
    }
  }

  /** What was used of one thing that the policy places. */
  static final class Used {
    private final Map<UnixPath, File> files = new TreeMap<>();
    private final Map<UnixPath, UnixPath> links = new TreeMap<>();
    private boolean tooMany;
    private boolean changed;

    /** By path. */
    Map<UnixPath, File> files() {
      return files;
    }

    /** Links that were followed, and what they hold. */
    Map<UnixPath, UnixPath> links() {
      return links;
    }

    boolean tooManyFiles() {
      return tooMany;
    }

    boolean changed() {
      return changed;
    }
  }

  private final Mounts mounts;
  private final Map<Mount, Used> used = new LinkedHashMap<>();
  private final Map<UnixPath, File> directories = new TreeMap<>();
  private final Set<String> processes = new TreeSet<>();
  private final Set<String> kernel = new TreeSet<>();
  private final Set<String> devices = new TreeSet<>();
  private final Map<UnixPath, Use> hidden = new LinkedHashMap<>();
  private final Map<UnixPath, Use> unwritable = new LinkedHashMap<>();
  private final Set<UnixPath> absent = new LinkedHashSet<>();
  private boolean rootChanged;

  PathLog(Mounts mounts) {
    this.mounts = mounts;
  }

  /** A path was used, and led there. */
  void add(Place place, Use use) {
    for (Link link : place.links()) {
      follow(link);
    }
    UnixPath path = place.path();
    if (path.startsWith(PROC)) {
      process(path);
    } else if (path.startsWith(DEV)) {
      addName(devices, path, 1);
    } else if (place.isThere() || use == Use.CREATE) {
      there(path, place.type(), use);
    } else {
      absent(path, use);
    }
  }

  private void follow(Link link) {
    if (link.path().startsWith(DEV)) {
      return;
    }
    mounts
        .covering(link.path())
        .ifPresent(
            mount -> {
              Used of = of(mount);
              if (of.links.size() < MOST_FILES) {
                of.links.put(link.path(), link.text());
              }
            });
  }

  private void process(UnixPath path) {
    List<UnixPath> parts = path.components();
    boolean numbers =
        parts.size() > 1 && isNumber(parts.get(1).toString())
            || parts.size() > 1 && Set.of("self", "thread-self").contains(parts.get(1).toString());
    addName(parts.size() < 2 || numbers ? processes : kernel, path, parts.size() < 2 ? 0 : 1);
  }

  private static boolean isNumber(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static void addName(Set<String> names, UnixPath path, int component) {
    List<UnixPath> parts = path.components();
    if (names.size() < MOST_NAMED && parts.size() > component) {
      names.add(parts.get(component).toString());
    }
  }

  private void there(UnixPath path, Optional<FileType> type, Use use) {
    Optional<Mount> mount = mounts.covering(path);
    if (use.changes() && !mounts.isWritable(mount, path)) {
      // the kernel refuses it, as it will again where the file is shown read-only
      note(unwritable, path, use);
      type.ifPresent(what -> there(path, Optional.of(what), Use.LOOK));
      return;
    }
    FileType what = type.orElse(FileType.REGULAR);
    if (mount.isEmpty()) {
      rootChanged |= use.changes();
      count(directories, path, what, use);
      return;
    }
    Used of = of(mount.get());
    of.changed |= use.changes();
    of.tooMany |= !count(of.files, path, what, use);
  }

  private static boolean count(Map<UnixPath, File> files, UnixPath path, FileType type, Use use) {
    File file = files.get(path);
    if (file == null) {
      if (files.size() >= MOST_FILES) {
        return false;
      }
      file = new File(type);
      files.put(path, file);
    }
    file.uses.add(use);
    file.times++;
    return true;
  }

  /** Nothing is there: either nowhere, or the view hides what the host has. */
  private void absent(UnixPath path, Use use) {
    if (absent.size() < MOST_FILES && absent.add(path) && HostFiles.status(path).isPresent()) {
      note(hidden, path, use);
    }
  }

  private static void note(Map<UnixPath, Use> where, UnixPath path, Use use) {
    if (where.size() < MOST_NAMED) {
      where.putIfAbsent(path, use);
    }
  }

  private Used of(Mount mount) {
    return used.computeIfAbsent(mount, each -> new Used());
  }

  Map<Mount, Used> used() {
    return used;
  }

  /** Directories that are there for what is placed below them, and files of the root itself. */
  Map<UnixPath, File> directories() {
    return directories;
  }

  /** Names in /proc that stand for processes. */
  Set<String> processes() {
    return processes;
  }

  /** Other names in /proc. */
  Set<String> kernelNames() {
    return kernel;
  }

  Set<String> deviceNames() {
    return devices;
  }

  /** What the host has and the view hides. */
  Map<UnixPath, Use> hidden() {
    return hidden;
  }

  /** What may be seen, not changed. */
  Map<UnixPath, Use> unwritable() {
    return unwritable;
  }

  boolean rootChanged() {
    return rootChanged;
  }
}
