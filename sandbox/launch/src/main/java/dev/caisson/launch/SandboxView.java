package dev.caisson.launch;

import static dev.caisson.launch.FileCalls.O_NOCTTY;
import static dev.caisson.launch.FileCalls.O_NOFOLLOW;
import static dev.caisson.launch.FileCalls.O_NONBLOCK;
import static dev.caisson.launch.FileCalls.O_PATH;

import dev.caisson.UnixPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The tree of files that a running sandbox sees, looked at from outside. Its programs may change it
 * at any time, so what is said here is no ground for a decision; looking changes nothing, waits for
 * nothing and never leaves the tree.
 */
public final class SandboxView implements AutoCloseable {
  private static final int MAX_LINKS = 40;
  private static final long IN_ROOT =
      Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_SYMLINKS | Linux.RESOLVE_NO_MAGICLINKS;
  private static final UnixPath ROOT = UnixPath.of("/");
  private static final UnixPath HERE = UnixPath.of(".");
  private static final UnixPath UP = UnixPath.of("..");

  /** Its links tell of whoever follows them. */
  private static final UnixPath PROC = UnixPath.of("/proc");

  private final int root;

  /** A symbolic link on the way, and what it holds. */
  public record Link(UnixPath path, UnixPath text) {}

  /**
   * Where a path leads.
   *
   * @param path without links, {@code .} and {@code ..}
   * @param type empty where nothing is there, or where it lies in {@code /proc}
   * @param links those that were followed
   */
  public record Place(UnixPath path, Optional<FileType> type, List<Link> links) {
    public Place {
      links = List.copyOf(links);
    }

    public boolean isThere() {
      return type.isPresent();
    }

    public boolean is(FileType wanted) {
      return type.equals(Optional.of(wanted));
    }
  }

  private SandboxView(int root) {
    this.root = root;
  }

  /** The tree that a thread of the sandbox sees; empty where it has ended or is out of reach. */
  public static Optional<SandboxView> of(int thread) {
    try (SystemCalls.Memory name = SystemCalls.string(UnixPath.of("/proc/" + thread + "/root"))) {
      long root =
          SystemCalls.call(
              Syscall.OPENAT, FileCalls.AT_FDCWD, name.address(), O_PATH | FileCalls.O_CLOEXEC, 0);
      return root < 0 ? Optional.empty() : Optional.of(new SandboxView((int) root));
    }
  }

  /**
   * The file system that {@code path} lies in; empty where nothing is there. Links on the way are
   * followed: this is for a tree that nobody has changed yet.
   */
  public Optional<Device> device(UnixPath path) {
    try {
      int found =
          FileCalls.open(
              root, relative(path), O_PATH, 0, Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS);
      try (CallerFile file = new CallerFile(found, path)) {
        return Optional.of(file.device());
      }
    } catch (FileProblem notThere) {
      return Optional.empty();
    }
  }

  /** The directory that a thread's relative paths start from; empty where it cannot be told. */
  public static Optional<UnixPath> directory(int thread) {
    return HostFiles.link(UnixPath.of("/proc/" + thread + "/cwd")).filter(UnixPath::isAbsolute);
  }

  /** What a thread's descriptor was opened as; empty for a pipe, a socket and the like. */
  public static Optional<UnixPath> descriptor(int thread, int number) {
    return HostFiles.link(UnixPath.of("/proc/" + thread + "/fd/" + number))
        .filter(UnixPath::isAbsolute);
  }

  /**
   * Follows {@code path} as the kernel would.
   *
   * @param path absolute
   * @param last whether a link at its end is followed too
   */
  public Place find(UnixPath path, boolean last) {
    List<UnixPath> components = path.components();
    if (!components.contains(UP)) {
      UnixPath plain = join(components);
      if (plain.startsWith(PROC)) {
        return new Place(plain, Optional.empty(), List.of());
      }
      Look look = look(plain);
      if (!look.linked && !(last && look.is(FileType.SYMLINK))) {
        return new Place(plain, look.type, List.of());
      }
    }
    return follow(components, last);
  }

  private Place follow(List<UnixPath> components, boolean last) {
    Deque<UnixPath> rest = new ArrayDeque<>(components);
    List<UnixPath> walked = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    Optional<FileType> type = Optional.of(FileType.DIRECTORY);
    while (!rest.isEmpty()) {
      UnixPath component = rest.pop();
      if (component.equals(UP)) {
        walked.subList(Math.max(0, walked.size() - 1), walked.size()).clear();
      } else if (!component.equals(HERE)) {
        walked.add(component);
      }
      UnixPath at = join(walked);
      if (at.startsWith(PROC)) {
        return new Place(append(at, rest), Optional.empty(), links);
      }
      type = look(at).type;
      if (type.equals(Optional.of(FileType.SYMLINK)) && (last || !rest.isEmpty())) {
        Optional<UnixPath> text = text(at);
        if (text.isEmpty() || links.size() == MAX_LINKS) {
          return new Place(append(at, rest), Optional.empty(), links);
        }
        links.add(new Link(at, text.get()));
        walked.remove(walked.size() - 1);
        if (text.get().isAbsolute()) {
          walked.clear();
        }
        push(text.get().components(), rest);
      } else if (type.isEmpty()) {
        return new Place(append(at, rest), type, links);
      }
    }
    return new Place(join(walked), type, links);
  }

  /**
   * What stands at a path.
   *
   * @param linked whether a link is on the way to it
   */
  private record Look(Optional<FileType> type, boolean linked) {
    boolean is(FileType wanted) {
      return type.equals(Optional.of(wanted));
    }
  }

  private Look look(UnixPath path) {
    try {
      int found = FileCalls.open(root, relative(path), O_PATH | O_NOFOLLOW, 0, IN_ROOT);
      try {
        return new Look(Optional.of(FileCalls.status(found, path).type()), false);
      } finally {
        FileCalls.close(found);
      }
    } catch (FileProblem problem) {
      return new Look(Optional.empty(), problem.is(Errno.ELOOP));
    }
  }

  private Optional<UnixPath> text(UnixPath path) {
    try {
      int found = FileCalls.open(root, relative(path), O_PATH | O_NOFOLLOW, 0, IN_ROOT);
      try (SystemCalls.Memory text = SystemCalls.allocate(4096)) {
        long length =
            FileCalls.named(
                Syscall.READLINKAT, found, UnixPath.of(""), text.address(), text.size());
        return Optional.of(UnixPath.of(text.get(0, (int) length)));
      } finally {
        FileCalls.close(found);
      }
    } catch (FileProblem notThere) {
      return Optional.empty();
    }
  }

  /** The first bytes of the regular file at {@code path}, which {@link #find} gave. */
  public Optional<byte[]> start(UnixPath path, int limit) {
    if (!look(path).is(FileType.REGULAR)) {
      return Optional.empty();
    }
    try (OpenFile file =
        new OpenFile(
            FileCalls.open(root, relative(path), O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0, IN_ROOT),
            path)) {
      return Optional.of(file.readAll(limit));
    } catch (FileProblem unreadable) {
      return Optional.empty();
    }
  }

  private static UnixPath relative(UnixPath path) {
    byte[] bytes = path.bytes();
    return bytes.length < 2
        ? HERE
        : UnixPath.of(java.util.Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  private static UnixPath join(List<UnixPath> components) {
    return append(ROOT, components);
  }

  private static UnixPath append(UnixPath start, Iterable<UnixPath> components) {
    UnixPath path = start;
    for (UnixPath component : components) {
      if (!component.equals(HERE)) {
        path = path.resolve(component);
      }
    }
    return path;
  }

  private static void push(List<UnixPath> components, Deque<UnixPath> rest) {
    for (int i = components.size() - 1; i >= 0; i--) {
      rest.push(components.get(i));
    }
  }

  @Override
  public void close() {
    FileCalls.close(root);
  }
}
