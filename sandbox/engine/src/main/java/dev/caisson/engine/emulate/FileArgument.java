package dev.caisson.engine.emulate;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallerFile;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.NotifiedCall;
import java.util.List;
import java.util.Optional;

/**
 * Which file a call is about.
 *
 * @param path empty where it is what {@code directory} stands for
 * @param follows whether a link at the path's end is followed
 */
record FileArgument(int directory, Optional<UnixPath> path, boolean follows) {
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** Links of the kernel's to the caller's own descriptors, which no other process may follow. */
  private static final List<String> OWN_DESCRIPTORS =
      List.of("/proc/self/fd/", "/proc/thread-self/fd/", "/dev/fd/");

  /** Empty where the path cannot be read. */
  static Optional<FileArgument> of(String name, NotifiedCall call) {
    return switch (name) {
      case "fchown", "fstat" -> Optional.of(new FileArgument(call.word(0), Optional.empty(), true));
      case "chown", "stat" -> named(call, CallerFile.WORKING_DIRECTORY, 0, 0);
      case "lchown", "lstat" -> named(call, CallerFile.WORKING_DIRECTORY, 0, AT_SYMLINK_NOFOLLOW);
      case "fchownat" -> named(call, call.word(0), 1, call.word(4));
      case "newfstatat" -> named(call, call.word(0), 1, call.word(3));
      case "statx" -> named(call, call.word(0), 1, call.word(2));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Optional<FileArgument> named(NotifiedCall call, int directory, int at, int flags) {
    long address = call.argument(at);
    boolean mayBeEmpty = (flags & AT_EMPTY_PATH) != 0;
    Optional<byte[]> text =
        address == 0 && mayBeEmpty ? Optional.of(new byte[0]) : call.text(address);
    boolean follows = (flags & AT_SYMLINK_NOFOLLOW) == 0;
    return text.map(
        bytes ->
            new FileArgument(
                directory,
                Optional.of(UnixPath.of(bytes)).filter(path -> bytes.length > 0 || !mayBeEmpty),
                follows));
  }

  CallerFile open(NotifiedCall call) throws FileProblem {
    if (path.isEmpty()) {
      return CallerFile.of(call, directory);
    }
    Optional<Integer> own = follows ? ownDescriptor(path.get().toString()) : Optional.empty();
    return own.isPresent()
        ? CallerFile.of(call, own.get())
        : CallerFile.at(call, directory, path.get(), follows);
  }

  private static Optional<Integer> ownDescriptor(String path) {
    for (String prefix : OWN_DESCRIPTORS) {
      if (path.startsWith(prefix)) {
        String rest = path.substring(prefix.length());
        boolean number =
            !rest.isEmpty()
                && rest.length() < 8
                && rest.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Integer.parseInt(rest)) : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
