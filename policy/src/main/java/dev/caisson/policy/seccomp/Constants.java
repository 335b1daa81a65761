package dev.caisson.policy.seccomp;

import dev.caisson.json.Nearest;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The kernel's names for numbers that calls take, {@code AF_UNIX} for instance. Some are other
 * numbers on other ABIs, or are not there.
 */
public final class Constants {
  /** What the table says of each name: its number everywhere, and the ABIs where it is another. */
  private static final Map<String, String> WRITTEN = read();

  private Constants() {}

  /** Whether any ABI has a constant of that name. */
  public static boolean contains(String name) {
    return WRITTEN.containsKey(name);
  }

  /** The number on {@code abi}; empty where that ABI has none. */
  public static OptionalLong value(String name, Abi abi) {
    String written = WRITTEN.get(name);
    if (written == null) {
      return OptionalLong.empty();
    }
    String[] words = written.split(" ", -1);
    String number = words[0];
    String here = abi.kernelName() + "=";
    for (String word : words) {
      if (word.startsWith(here)) {
        number = word.substring(here.length());
      }
    }
    return number.equals("-") ? OptionalLong.empty() : OptionalLong.of(number(number));
  }

  /** The nearest spelling, as a message's tail. */
  public static String hint(String name) {
    return Nearest.hint(name, WRITTEN.keySet());
  }

  private static long number(String text) {
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseUnsignedLong(text);
  }

  private static Map<String, String> read() {
    Map<String, String> written = new HashMap<>();
    TableLines lines = TableLines.of("constants.tsv");
    while (lines.next()) {
      written.put(lines.text(0), lines.text(1) + " " + lines.text(2));
    }
    return written;
  }
}
