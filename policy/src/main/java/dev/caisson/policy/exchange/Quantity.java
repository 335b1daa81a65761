package dev.caisson.policy.exchange;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalLong;

/** Amounts as Docker and Kubernetes write them. */
final class Quantity {
  /** Longer ones are no amounts; converting them would take time. */
  private static final int LONGEST = 32;

  private static final List<String> BINARY = List.of("Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL = List.of("k", "M", "G", "T", "P", "E");
  private static final List<String> OF_DOCKER = List.of("b", "k", "m", "g", "t", "p");

  private Quantity() {}

  /**
   * A quantity of Kubernetes (apimachinery, resource.Quantity) in thousandths, rounded up as there;
   * empty where it is none, or none that fits.
   */
  static OptionalLong thousandths(String text) {
    int digits = digits(text);
    String suffix = text.substring(digits);
    if (digits == 0 || text.length() > LONGEST) {
      return OptionalLong.empty();
    }
    BigDecimal factor = factor(suffix);
    return factor.signum() == 0
        ? OptionalLong.empty()
        : whole(text.substring(0, digits), factor.movePointRight(3));
  }

  /** A quantity of Kubernetes in whole units, rounded up. */
  static OptionalLong units(String text) {
    OptionalLong thousandths = thousandths(text);
    return thousandths.isEmpty()
        ? thousandths
        : OptionalLong.of((thousandths.getAsLong() + 999) / 1000);
  }

  private static BigDecimal factor(String suffix) {
    if (suffix.isEmpty()) {
      return BigDecimal.ONE;
    }
    if (suffix.equals("m")) {
      return new BigDecimal("0.001");
    }
    int binary = BINARY.indexOf(suffix);
    if (binary >= 0) {
      return BigDecimal.valueOf(1024).pow(binary + 1);
    }
    int decimal = DECIMAL.indexOf(suffix);
    if (decimal >= 0) {
      return BigDecimal.ONE.movePointRight(3 * (decimal + 1));
    }
    return exponent(suffix);
  }

  /** Of e3 and E3; 0 where it is none. */
  private static BigDecimal exponent(String suffix) {
    boolean marked = suffix.startsWith("e") || suffix.startsWith("E");
    boolean sound = marked && suffix.length() > 1 && suffix.length() <= 3;
    for (int i = 1; i < suffix.length() && sound; i++) {
      sound = suffix.charAt(i) >= '0' && suffix.charAt(i) <= '9';
    }
    return sound
        ? BigDecimal.ONE.movePointRight(Integer.parseInt(suffix.substring(1)))
        : BigDecimal.ZERO;
  }

  /**
   * Bytes as Docker's flags write them: a number and b, k, m, g, t or p, powers of 1024
   * (docker/go-units, RAMInBytes).
   */
  static OptionalLong bytes(String text) {
    int digits = digits(text);
    if (digits == 0 || text.length() > LONGEST) {
      return OptionalLong.empty();
    }
    String suffix = text.substring(digits).strip().toLowerCase(java.util.Locale.ROOT);
    if (suffix.length() > 1 && suffix.endsWith("b")) {
      suffix = suffix.substring(0, suffix.length() - 1);
    }
    if (suffix.length() > 1 && suffix.endsWith("i")) {
      suffix = suffix.substring(0, suffix.length() - 1);
    }
    int power = suffix.isEmpty() ? 0 : OF_DOCKER.indexOf(suffix);
    return power < 0
        ? OptionalLong.empty()
        : whole(text.substring(0, digits), BigDecimal.valueOf(1024).pow(power));
  }

  /** Processors as Docker's --cpus writes them, in thousandths. */
  static OptionalLong processors(String text) {
    return digits(text) == text.length() && !text.isEmpty() && text.length() <= LONGEST
        ? whole(text, BigDecimal.valueOf(1000))
        : OptionalLong.empty();
  }

  private static OptionalLong whole(String number, BigDecimal factor) {
    try {
      BigDecimal amount = new BigDecimal(number).multiply(factor);
      return OptionalLong.of(amount.setScale(0, RoundingMode.CEILING).longValueExact());
    } catch (ArithmeticException | NumberFormatException noAmount) {
      return OptionalLong.empty();
    }
  }

  private static int digits(String text) {
    int count = 0;
    while (count < text.length()
        && (text.charAt(count) == '.'
            || (text.charAt(count) >= '0' && text.charAt(count) <= '9'))) {
      count++;
    }
    return count;
  }
}
