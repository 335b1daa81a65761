package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.StringTokenizer;

/**
 * As whom a process that makes a waiting call really runs, by the numbers of its own user namespace
 * (user_namespaces(7)).
 */
record InsideIds(long user, long group) {
  private static final int LONGEST_MAP = 1 << 16;

  /** The overflow id, which stands for those that have none. */
  private static final long NOBODY = 65534;

  /**
   * @throws FileProblem where the call has ended
   */
  static InsideIds of(NotifiedCall call) throws FileProblem {
    UnixPath process = UnixPath.of("/proc/" + call.thread());
    CallerProcess caller =
        CallerProcess.of(call)
            .orElseThrow(() -> new FileProblem("openat", process, Errno.ESRCH.number()));
    return new InsideIds(
        inside(process.resolve("uid_map"), caller.user()),
        inside(process.resolve("gid_map"), caller.group()));
  }

  /** An id of this process's namespace as {@code map} has it. */
  private static long inside(UnixPath map, long outside) {
    byte[] content = HostFiles.start(map, LONGEST_MAP).orElse(new byte[0]);
    for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      StringTokenizer range = new StringTokenizer(line);
      if (range.countTokens() == 3) {
        long first = Long.parseLong(range.nextToken());
        long offset = outside - Long.parseLong(range.nextToken());
        if (offset >= 0 && offset < Long.parseLong(range.nextToken())) {
          return first + offset;
        }
      }
    }
    return NOBODY;
  }
}
