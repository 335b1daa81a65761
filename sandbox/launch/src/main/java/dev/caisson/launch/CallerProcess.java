package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * The process that makes a waiting call.
 *
 * @param process its number outside: that of its first thread
 * @param user as whom it really runs, by the number outside
 * @param insideUser the same, by the number inside
 * @param insideGroup its group, by the number inside
 * @param umask the mode bits that its new files never get
 */
public record CallerProcess(int process, long user, long insideUser, long insideGroup, int umask) {
  private static final int LONGEST_MAP = 1 << 16;

  /** The overflow id, which stands for those that have none. */
  private static final long NOBODY = 65534;

  private static final String PROCESS = "\nTgid:\t";
  private static final String USER = "\nUid:\t";
  private static final String GROUP = "\nGid:\t";
  private static final String UMASK = "\nUmask:\t";

  /** Empty where the call has ended. */
  public static Optional<CallerProcess> of(NotifiedCall call) {
    Optional<byte[]> status =
        HostFiles.start(UnixPath.of("/proc/" + call.thread() + "/status"), 4096);
    if (status.isEmpty() || !call.stillWaits()) {
      return Optional.empty();
    }
    String text = new String(status.get(), StandardCharsets.ISO_8859_1);
    long user = Long.parseLong(word(text, USER));
    return Optional.of(
        new CallerProcess(
            Integer.parseInt(word(text, PROCESS)),
            user,
            inside(call, "uid_map", user),
            inside(call, "gid_map", Long.parseLong(word(text, GROUP))),
            Integer.parseInt(word(text, UMASK), 8)));
  }

  /** Whether it runs as this process's own user: then the kernel lets either do the same. */
  public boolean isOwn() {
    return user == SystemCalls.call(Syscall.GETEUID);
  }

  /** An id of this process's namespace as the caller's has it (user_namespaces(7)). */
  private static long inside(NotifiedCall call, String map, long outside) {
    UnixPath file = UnixPath.of("/proc/" + call.thread() + "/" + map);
    byte[] content = HostFiles.start(file, LONGEST_MAP).orElse(new byte[0]);
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

  private static String word(String text, String before) {
    int start = text.indexOf(before) + before.length();
    int end = start;
    while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
      end++;
    }
    return text.substring(start, end);
  }
}
