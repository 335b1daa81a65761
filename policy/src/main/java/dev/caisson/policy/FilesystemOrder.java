package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Mount.Access;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files of the host one policy shows and another does not. What counts is the file on the
 * host and not where it stands inside: a path may be shown elsewhere, but nothing that the other
 * hides, more writable, or less protected.
 */
final class FilesystemOrder {
  private static final UnixPath PROC = UnixPath.of("/proc");

  private final EffectivePolicy one;
  private final EffectivePolicy other;
  private final List<String> found = new ArrayList<>();

  FilesystemOrder(EffectivePolicy one, EffectivePolicy other) {
    this.one = one;
    this.other = other;
  }

  List<String> excess() {
    for (Mount mount : one.filesystem()) {
      if (isMasked(mount.target())) {
        // masks are laid over everything else, and no link leads a place out from under one
        continue;
      }
      if (mount instanceof Mount.Bind bind) {
        bind(bind);
      } else if (mount instanceof Mount.Copy copy) {
        copy(copy);
      } else if (mount instanceof Mount.Tmpfs tmpfs) {
        tmpfs(tmpfs);
      }
    }
    other.maskedPaths().forEach(this::masked);
    other.readOnlyPaths().forEach(this::readOnly);
    return found;
  }

  private void bind(Mount.Bind mine) {
    String guarded = "";
    for (Mount mount : other.filesystem()) {
      if (mount instanceof Mount.Bind theirs && shows(theirs, mine.source())) {
        guarded = lessGuarded(theirs, mine);
        if (guarded.isEmpty()) {
          return;
        }
      }
    }
    found.add("shows the host's " + mine.source() + place(mine) + access(mine) + guarded);
  }

  private static String access(Mount.Bind bind) {
    return switch (bind.access()) {
      case READ_ONLY -> "";
      case OVERLAY -> ", writable in memory";
      case READ_WRITE -> ", writable";
    };
  }

  private static String place(Mount.Bind bind) {
    return bind.target().equals(bind.source()) ? "" : " at " + bind.target();
  }

  /** How {@code mine} shows more of the same files than {@code theirs}; empty where it does not. */
  private String lessGuarded(Mount.Bind theirs, Mount.Bind mine) {
    if (theirs.access().compareTo(mine.access()) < 0) {
      return theirs.access() == Access.READ_ONLY
          ? " and not read-only"
          : " and not in memory alone";
    }
    if (mine.exec() && !theirs.exec()) {
      return ", with programs that may be executed";
    }
    if (reachesSockets(mine) && !reachesSockets(theirs)) {
      return ", with sockets and FIFOs that reach the host";
    }
    if (theirs.system() && !mine.system()) {
      return ", with keys that are hidden in a directory of the system";
    }
    if (!hidesAsMuch(theirs, mine)) {
      return ", with files that are hidden otherwise";
    }
    boolean writable = mine.access() != Access.READ_ONLY;
    return writable && !protectsAsMuch(theirs, mine) ? ", with fewer protected files" : "";
  }

  /** Whether a socket or FIFO in it leads to a process of the host: no overlay lies between. */
  private static boolean reachesSockets(Mount.Bind bind) {
    return bind.access() == Access.READ_WRITE
        || (bind.access() == Access.READ_ONLY && bind.system());
  }

  /** Whether {@code source} can be seen in the other policy through {@code bind}. */
  private boolean shows(Mount.Bind bind, UnixPath source) {
    if (!source.startsWith(bind.source())) {
      return false;
    }
    UnixPath inside = moved(source, bind.source(), bind.target());
    Mount top = bind;
    for (Mount mount : other.filesystem()) {
      top = inside.startsWith(mount.target()) ? mount : top;
    }
    return top.equals(bind) && other.maskedPaths().stream().noneMatch(inside::startsWith);
  }

  /** Whether all that the other policy covers below the source is covered here too. */
  private boolean hidesAsMuch(Mount.Bind theirs, Mount.Bind mine) {
    UnixPath inside = moved(mine.source(), theirs.source(), theirs.target());
    for (UnixPath path : other.maskedPaths()) {
      if (isBelow(path, inside) && !covers(mine, moved(path, inside, mine.target()))) {
        return false;
      }
    }
    for (Mount mount : other.filesystem()) {
      if (isBelow(mount.target(), inside)
          && !showsTheSame(mount, moved(mount.target(), inside, mine.source()), mine)
          && !coversAlike(mine, mount, moved(mount.target(), inside, mine.target()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBelow(UnixPath path, UnixPath directory) {
    return path.startsWith(directory) && !path.equals(directory);
  }

  private static boolean showsTheSame(Mount mount, UnixPath source, Mount.Bind mine) {
    return mount instanceof Mount.Bind bind
        && bind.source().equals(source)
        && bind.access().compareTo(mine.access()) >= 0
        && (bind.exec() || !mine.exec());
  }

  /** Whether something stands over {@code bind} at {@code path} wherever {@code mount} would. */
  private boolean coversAlike(Mount.Bind bind, Mount mount, UnixPath path) {
    return covers(bind, path)
        || one.filesystem().stream()
            .anyMatch(
                m -> m.target().equals(path) && MountValue.of(m).equals(MountValue.of(mount)));
  }

  /** Whether something of this policy surely stands over {@code bind} at {@code path}. */
  private boolean covers(Mount.Bind bind, UnixPath path) {
    if (one.maskedPaths().stream().anyMatch(path::startsWith)) {
      return true;
    }
    for (Mount mount : one.filesystem()) {
      if (mount.surelyCovers()
          && !mount.equals(bind)
          && mount.target().startsWith(bind.target())
          && path.startsWith(mount.target())) {
        return true;
      }
    }
    return false;
  }

  private static boolean protectsAsMuch(Mount.Bind theirs, Mount.Bind mine) {
    for (UnixPath path : theirs.protect()) {
      UnixPath kept = theirs.source().resolve(path);
      if (mine.source().startsWith(kept)) {
        return false;
      }
      boolean below = kept.startsWith(mine.source());
      if (below
          && mine.protect().stream().noneMatch(p -> kept.startsWith(mine.source().resolve(p)))) {
        return false;
      }
    }
    return true;
  }

  private void copy(Mount.Copy mine) {
    for (Mount mount : other.filesystem()) {
      boolean same = mount instanceof Mount.Copy theirs && theirs.source().equals(mine.source());
      if (same || (mount instanceof Mount.Bind bind && shows(bind, mine.source()))) {
        return;
      }
    }
    String place = mine.target().equals(mine.source()) ? "" : " at " + mine.target();
    found.add("shows a copy of the host's " + mine.source() + place);
  }

  private void tmpfs(Mount.Tmpfs mine) {
    long largest = 0;
    boolean exec = false;
    boolean mounts = false;
    for (Mount mount : other.filesystem()) {
      if (mount instanceof Mount.Tmpfs theirs) {
        mounts |= theirs.mounts();
        largest = Math.max(largest, theirs.size());
        exec |= theirs.exec();
      }
    }
    if (mine.exec() && !exec && largest > 0) {
      found.add("executes programs in memory at " + mine.target());
    }
    if (mine.mounts() && !mounts) {
      found.add("lets programs mount file systems in memory below " + mine.target());
    }
    if (mine.size() > largest) {
      found.add(
          "holds "
              + Unit.BYTES.shown(mine.size())
              + " in memory at "
              + mine.target()
              + (largest == 0 ? "" : ", more than " + Unit.BYTES.shown(largest)));
    }
  }

  private void masked(UnixPath path) {
    if (isInSight(path) && !isMasked(path) && !isInBind(path)) {
      found.add("does not mask " + path);
    }
  }

  private void readOnly(UnixPath path) {
    boolean writable = path.startsWith(PROC) || one.root() == RootAccess.WRITABLE;
    boolean kept = one.readOnlyPaths().stream().anyMatch(path::startsWith);
    if (isInSight(path) && writable && !kept && !isMasked(path)) {
      found.add("does not keep " + path + " read-only");
    }
  }

  private boolean isMasked(UnixPath path) {
    return one.maskedPaths().stream().anyMatch(path::startsWith);
  }

  /** What the other policy masks in a bind is judged with that bind's source. */
  private boolean isInBind(UnixPath path) {
    return other.filesystem().stream()
        .anyMatch(mount -> mount instanceof Mount.Bind && path.startsWith(mount.target()));
  }

  /** Whether something can stand there that no bind of this policy shows. */
  private boolean isInSight(UnixPath path) {
    boolean whole = one.proc() == ProcView.MASKED || one.proc() == ProcView.FULL;
    return path.startsWith(PROC) ? whole : one.view() == View.IMAGE;
  }

  /** {@code path} below {@code from} as the same path below {@code to}. */
  private static UnixPath moved(UnixPath path, UnixPath from, UnixPath to) {
    List<UnixPath> parts = path.components();
    int shared = from.components().size();
    UnixPath result = to;
    for (UnixPath part : parts.subList(Math.min(shared, parts.size()), parts.size())) {
      result = result.resolve(part);
    }
    return result;
  }
}
