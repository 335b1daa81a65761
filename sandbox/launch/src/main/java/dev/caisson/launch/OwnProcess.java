package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This process's arguments and environment as the bytes that execve(2) was given: without a UTF-8
 * locale the JVM's own copies have lost characters.
 */
public final class OwnProcess {
  private static final long FD_CLOEXEC = 1;

  private OwnProcess() {}

  /**
   * The last {@code count} arguments, counted from the end since the JVM's options come first.
   *
   * @throws HostRefusal where /proc is not mounted
   */
  public static List<UnixPath> lastArguments(int count) {
    return last(split(read("/proc/self/cmdline")), count);
  }

  /** The environment by name; names that are not UTF-8 are left out, no policy could name them. */
  public static Map<String, UnixPath> environment() {
    return environment(split(read("/proc/self/environ")));
  }

  /**
   * Leaves a terminal's interrupt (SIGINT, SIGQUIT) to a sandbox that this process spawned and
   * waits for: it is in the same process group and gets the signal itself.
   */
  public static void ignoreInterrupts() {
    // struct sigaction of the kernel: handler, flags, restorer, mask
    try (SystemCalls.Memory action = SystemCalls.allocate(32)) {
      action.putLong(0, Linux.SIG_IGN);
      for (int signal : new int[] {Linux.SIGINT, Linux.SIGQUIT}) {
        SystemCalls.call(Syscall.RT_SIGACTION, signal, action.address(), 0, 8);
      }
    }
  }

  /**
   * Whether this process was started with the descriptor {@code number}, as far as can be told: the
   * JVM opens its own to be closed on exec, but those of its modules and of class archives.
   */
  public static boolean inherited(int number) {
    long flags = SystemCalls.call(Syscall.FCNTL, number, Linux.F_GETFD);
    UnixPath jdk = UnixPath.of(System.getProperty("java.home", "/"));
    return flags >= 0
        && (flags & FD_CLOEXEC) == 0
        && HostFiles.link(UnixPath.of("/proc/self/fd/" + number))
            .filter(file -> !file.startsWith(HostFiles.canonical(jdk).orElse(jdk)))
            .filter(file -> !file.toString().endsWith(".jar"))
            .isPresent();
  }

  static List<UnixPath> last(List<byte[]> arguments, int count) {
    if (arguments.size() < count) {
      throw new HostRefusal(
          "read the command line",
          "/proc/self/cmdline holds " + arguments.size() + " of " + count + " arguments",
          "");
    }
    List<UnixPath> last = new ArrayList<>();
    for (byte[] argument : arguments.subList(arguments.size() - count, arguments.size())) {
      last.add(UnixPath.of(argument));
    }
    return last;
  }

  static Map<String, UnixPath> environment(List<byte[]> entries) {
    Map<String, UnixPath> environment = new HashMap<>();
    for (byte[] entry : entries) {
      int equals = indexOf(entry, (byte) '=', 0);
      if (equals <= 0) {
        continue;
      }
      String name = utf8(Arrays.copyOf(entry, equals));
      if (!name.isEmpty()) {
        // the first of two entries counts, as for getenv(3)
        environment.putIfAbsent(
            name, UnixPath.of(Arrays.copyOfRange(entry, equals + 1, entry.length)));
      }
    }
    return environment;
  }

  /** The texts of a buffer in which each ends with NUL. */
  static List<byte[]> split(byte[] buffer) {
    List<byte[]> texts = new ArrayList<>();
    int start = 0;
    while (start < buffer.length) {
      int end = indexOf(buffer, (byte) 0, start);
      texts.add(Arrays.copyOfRange(buffer, start, end < 0 ? buffer.length : end));
      start = end < 0 ? buffer.length : end + 1;
    }
    return texts;
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return "";
    }
  }

  private static int indexOf(byte[] bytes, byte wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static byte[] read(String path) {
    try {
      return Files.readAllBytes(Path.of(path));
    } catch (IOException unreadable) {
      throw new HostRefusal(
          "read " + path, String.valueOf(unreadable.getMessage()), "Mount /proc on /proc");
    }
  }
}
