package dev.caisson.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Sizes and durations as policies write them. */
final class Quantity {
  private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Quantity() {}

  /** Bytes of "512MiB"; a unit is required. */
  static OptionalLong bytes(String text) {
    int digits = digits(text);
    for (int i = 0; i < SIZE_UNITS.length; i++) {
      if (digits > 0 && text.substring(digits).equals(SIZE_UNITS[i])) {
        try {
          return OptionalLong.of(
              Math.multiplyExact(Long.parseLong(text.substring(0, digits)), 1L << (10 * i)));
        } catch (ArithmeticException | NumberFormatException tooLarge) {
          return OptionalLong.empty();
        }
      }
    }
    return OptionalLong.empty();
  }

  /** The duration of "90s", "10m" or "1h"; a unit is required. */
  static Optional<Duration> duration(String text) {
    int digits = digits(text);
    if (digits == 0 || digits > 9) {
      return Optional.empty();
    }
    long number = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits)) {
      case "ms" -> Optional.of(Duration.ofMillis(number));
      case "s" -> Optional.of(Duration.ofSeconds(number));
      case "m" -> Optional.of(Duration.ofMinutes(number));
      case "h" -> Optional.of(Duration.ofHours(number));
      default -> Optional.empty();
    };
  }

  private static int digits(String text) {
    int count = 0;
    while (count < text.length() && text.charAt(count) >= '0' && text.charAt(count) <= '9') {
      count++;
    }
    return count;
  }
}
