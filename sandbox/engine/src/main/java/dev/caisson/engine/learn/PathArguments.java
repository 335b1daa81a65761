package dev.caisson.engine.learn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which arguments of which calls are paths, from the calls' manual pages. */
final class PathArguments {
  /**
   * A path that a call takes.
   *
   * @param directory the argument with the descriptor that a relative path starts from; -1 for the
   *     current directory
   * @param path the argument that points to the path
   * @param flags the argument with AT_* flags; -1 for none
   * @param follows whether a link at the path's end is followed where no flag says otherwise
   */
  record Argument(int directory, int path, int flags, Use use, boolean follows) {
    private static final long AT_SYMLINK_NOFOLLOW = 0x100;
    private static final long AT_SYMLINK_FOLLOW = 0x400;

    boolean follows(long flagBits) {
      return follows ? (flagBits & AT_SYMLINK_NOFOLLOW) == 0 : (flagBits & AT_SYMLINK_FOLLOW) != 0;
    }
  }

  /**
   * Calls but those that open: directory, path and flags arguments, use, F if links are followed.
   */
  private static final String[] TABLE = {
    "access - 0 - LOOK F",
    "chdir - 0 - LOOK F",
    "chmod - 0 - WRITE F",
    "chown - 0 - WRITE F",
    "execve - 0 - EXECUTE F",
    "execveat 0 1 4 EXECUTE F",
    "faccessat 0 1 - LOOK F",
    "faccessat2 0 1 3 LOOK F",
    "fchmodat 0 1 - WRITE F",
    "fchmodat2 0 1 3 WRITE F",
    "fchownat 0 1 4 WRITE F",
    "futimesat 0 1 - WRITE F",
    "getxattr - 0 - LOOK F",
    "inotify_add_watch - 1 - LOOK F",
    "lchown - 0 - WRITE N",
    "lgetxattr - 0 - LOOK N",
    "link - 0 - LOOK N",
    "link - 1 - CREATE N",
    "linkat 0 1 4 LOOK N",
    "linkat 2 3 - CREATE N",
    "listxattr - 0 - LOOK F",
    "llistxattr - 0 - LOOK N",
    "lremovexattr - 0 - WRITE N",
    "lsetxattr - 0 - WRITE N",
    "lstat - 0 - LOOK N",
    "mkdir - 0 - CREATE N",
    "mkdirat 0 1 - CREATE N",
    "mknod - 0 - CREATE N",
    "mknodat 0 1 - CREATE N",
    "newfstatat 0 1 3 LOOK F",
    "readlink - 0 - LOOK N",
    "readlinkat 0 1 - LOOK N",
    "removexattr - 0 - WRITE F",
    "rename - 0 - CREATE N",
    "rename - 1 - CREATE N",
    "renameat 0 1 - CREATE N",
    "renameat 2 3 - CREATE N",
    "renameat2 0 1 - CREATE N",
    "renameat2 2 3 - CREATE N",
    "rmdir - 0 - CREATE N",
    "setxattr - 0 - WRITE F",
    "stat - 0 - LOOK F",
    "statfs - 0 - LOOK F",
    "statx 0 1 2 LOOK F",
    "symlink - 1 - CREATE N",
    "symlinkat 1 2 - CREATE N",
    "truncate - 0 - WRITE F",
    "unlink - 0 - CREATE N",
    "unlinkat 0 1 - CREATE N",
    "utime - 0 - WRITE F",
    "utimensat 0 1 3 WRITE F",
    "utimes - 0 - WRITE F",
  };

  private static final Map<String, List<Argument>> BY_CALL = new HashMap<>();

  static {
    for (String row : TABLE) {
      String[] words = row.split(" ", -1);
      Argument argument =
          new Argument(
              index(words[1]),
              index(words[2]),
              index(words[3]),
              Use.valueOf(words[4]),
              words[5].equals("F"));
      List<Argument> all = BY_CALL.get(words[0]);
      if (all == null) {
        all = new ArrayList<>();
        BY_CALL.put(words[0], all);
      }
      all.add(argument);
    }
  }

  private PathArguments() {}

  /** The paths that {@code call} takes, unless it is one that opens files. */
  static List<Argument> of(String call) {
    return BY_CALL.getOrDefault(call, List.of());
  }

  /** Every call that stands here. */
  static List<String> calls() {
    return List.copyOf(BY_CALL.keySet());
  }

  private static int index(String word) {
    return word.equals("-") ? -1 : Integer.parseInt(word);
  }
}
