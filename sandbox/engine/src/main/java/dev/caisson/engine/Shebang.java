package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The first line of a script (execve(2), "Interpreter scripts").
 *
 * @param argument what follows the interpreter, as the one argument that the kernel makes of it
 */
record Shebang(UnixPath interpreter, Optional<UnixPath> argument) {
  /** As much of a file as the kernel looks at. */
  static final int LENGTH = 256;

  /** Reads the start of a file; empty where it is no script. */
  static Optional<Shebang> read(byte[] start) {
    if (start.length < 2 || start[0] != '#' || start[1] != '!') {
      return Optional.empty();
    }
    String line = line(start);
    int end = 0;
    while (end < line.length() && !isBlank(line.charAt(end))) {
      end++;
    }
    if (end == 0) {
      return Optional.empty();
    }
    String argument = line.substring(end).strip();
    return Optional.of(
        new Shebang(
            path(line.substring(0, end)),
            argument.isEmpty() ? Optional.empty() : Optional.of(path(argument))));
  }

  /**
   * The program that env(1) will look for along PATH; empty where options say that it will look
   * elsewhere, or where there is none.
   */
  static Optional<UnixPath> programOfEnv(List<UnixPath> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = latin1(arguments.get(i));
      if (argument.equals("-S") && i + 1 < arguments.size()) {
        return programOfEnv(words(latin1(arguments.get(i + 1))));
      }
      if (argument.startsWith("-S")) {
        return programOfEnv(words(argument.substring(2)));
      }
      if (argument.equals("-i") || argument.equals("-") || argument.equals("--")) {
        continue;
      }
      if (argument.startsWith("-") || argument.startsWith("PATH=")) {
        return Optional.empty();
      }
      if (argument.indexOf('=') < 0) {
        return Optional.of(arguments.get(i));
      }
    }
    return Optional.empty();
  }

  /** The arguments with which the kernel starts the interpreter, before the script's own path. */
  List<UnixPath> arguments() {
    return argument.map(List::of).orElse(List.of());
  }

  private static List<UnixPath> words(String text) {
    List<UnixPath> words = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(path(word));
      }
    }
    return words;
  }

  private static String line(byte[] start) {
    int end = 2;
    while (end < start.length && start[end] != '\n' && start[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(start, 2, end), StandardCharsets.ISO_8859_1).strip();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static String latin1(UnixPath text) {
    return new String(text.bytes(), StandardCharsets.ISO_8859_1);
  }

  private static UnixPath path(String latin1) {
    return UnixPath.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }
}
