package dev.caisson.engine;

import java.util.Optional;

/**
 * What a program asks of a tmpfs (tmpfs(5)), kept within a size.
 *
 * @param size in bytes
 * @param mode as chmod(2) takes it
 */
record TmpfsOptions(long size, int mode) {
  private static final String UNITS = "kmg";

  /**
   * Reads them.
   *
   * @param text as it stands in mount(2): {@code size} and {@code mode}, or nothing
   * @param most bytes that it may hold
   * @return empty for an option that is not taken
   */
  static Optional<TmpfsOptions> read(String text, long most) {
    long size = most;
    Optional<Integer> mode = Optional.of(01777);
    for (String option : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      switch (equals < 0 ? "" : option.substring(0, equals)) {
        case "size" -> {
          long asked = bytes(value);
          if (asked < 0) {
            return Optional.empty();
          }
          // 0 stands for no limit
          size = asked == 0 ? most : Math.min(asked, most);
        }
        case "mode" -> mode = octal(value);
        default -> {
          return Optional.empty();
        }
      }
    }
    long within = size;
    return mode.map(bits -> new TmpfsOptions(within, bits));
  }

  /** A number with a unit; negative for anything else. */
  private static long bytes(String text) {
    int last = text.length() - 1;
    int unit = last < 0 ? -1 : UNITS.indexOf(Character.toLowerCase(text.charAt(last)));
    String digits = unit < 0 ? text : text.substring(0, last);
    boolean number = !digits.isEmpty() && digits.length() < 16 && consistsOf(digits, '9');
    int shift = 10 * (unit + 1);
    return number && Long.parseLong(digits) <= Long.MAX_VALUE >> shift
        ? Long.parseLong(digits) << shift
        : -1;
  }

  private static boolean consistsOf(String text, char last) {
    return text.chars().allMatch(c -> c >= '0' && c <= last);
  }

  private static Optional<Integer> octal(String text) {
    return !text.isEmpty()
            && text.length() < 6
            && consistsOf(text, '7')
            && Integer.parseInt(text, 8) <= 01777
        ? Optional.of(Integer.parseInt(text, 8))
        : Optional.empty();
  }
}
