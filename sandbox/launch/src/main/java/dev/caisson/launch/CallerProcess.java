package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The process that makes a waiting call.
 *
 * @param process its number outside: that of its first thread
 * @param user as whom it really runs, by the number outside
 * @param group its group, likewise
 * @param umask the mode bits that its new files never get
 */
public record CallerProcess(int process, long user, long group, int umask) {
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
    return Optional.of(
        new CallerProcess(
            Integer.parseInt(word(text, PROCESS)),
            Long.parseLong(word(text, USER)),
            Long.parseLong(word(text, GROUP)),
            Integer.parseInt(word(text, UMASK), 8)));
  }

  /** Whether it runs as this process's own user: then the kernel lets either do the same. */
  public boolean isOwn() {
    return user == SystemCalls.call(Syscall.GETEUID);
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
