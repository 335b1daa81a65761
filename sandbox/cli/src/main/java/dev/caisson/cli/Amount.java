package dev.caisson.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** How flags write amounts: as a policy does, and as Docker's and timeout(1)'s users type them. */
final class Amount {
  private static final List<String> SIZES = List.of("b", "k", "m", "g", "t");
  private static final int UNIT = 1024;

  private Amount() {}

  /** Bytes above 0: {@code 512MiB}, {@code 512m} (of 1,024 each, as in Docker), or digits alone. */
  static OptionalLong bytes(String text) {
    String unit = text.substring(digits(text)).toLowerCase(Locale.ROOT);
    boolean spelled =
        unit.length() > 1 && (unit.endsWith("ib") || unit.length() == 2 && unit.endsWith("b"));
    String letter = spelled ? unit.substring(0, 1) : unit;
    int power = unit.isEmpty() ? 0 : SIZES.indexOf(letter);
    long factor = 1;
    for (int i = 0; i < power; i++) {
      factor *= UNIT;
    }
    return power < 0 ? OptionalLong.empty() : times(text, factor);
  }

  /** Thousandths of a number above 0 with at most three decimals. */
  static OptionalLong thousandths(String text) {
    try {
      long amount = new BigDecimal(text).movePointRight(3).longValueExact();
      return amount > 0 ? OptionalLong.of(amount) : OptionalLong.empty();
    } catch (ArithmeticException | NumberFormatException otherwise) {
      return OptionalLong.empty();
    }
  }

  /** A whole number above 0. */
  static OptionalLong count(String text) {
    return digits(text) == text.length() ? times(text, 1) : OptionalLong.empty();
  }

  /** A time above 0: {@code 500ms}, {@code 90s}, {@code 10m}, {@code 1h}, or seconds alone. */
  static Optional<Duration> time(String text) {
    long milliseconds =
        switch (text.substring(digits(text))) {
          case "ms" -> 1;
          case "", "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 0;
        };
    OptionalLong amount = times(text, milliseconds);
    return amount.isPresent()
        ? Optional.of(Duration.ofMillis(amount.getAsLong()))
        : Optional.empty();
  }

  private static OptionalLong times(String text, long factor) {
    try {
      long amount = Math.multiplyExact(Long.parseLong(text.substring(0, digits(text))), factor);
      return amount > 0 ? OptionalLong.of(amount) : OptionalLong.empty();
    } catch (ArithmeticException | NumberFormatException otherwise) {
      return OptionalLong.empty();
    }
  }

  private static int digits(String text) {
    int count = 0;
    while (count < text.length() && text.charAt(count) >= '0' && text.charAt(count) <= '9') {
      count++;
    }
    return count;
  }
}
