package dev.caisson.json;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** A number, kept as it was written. */
public record JsonNumber(Position position, String literal) implements JsonValue {
  /**
   * Longer spellings of a 64-bit number are refused: converting megabytes of digits takes minutes.
   */
  private static final int LONGEST = 64;

  /** The value if it is a whole number that fits in 64 bits. */
  public OptionalLong asLong() {
    return scaledBy(0);
  }

  /** The value times ten to the {@code places}, if that is a whole number of 64 bits. */
  public OptionalLong scaledBy(int places) {
    if (literal.length() > LONGEST) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(new BigDecimal(literal).movePointRight(places).longValueExact());
    } catch (ArithmeticException | NumberFormatException notWhole) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String kind() {
    return "a number";
  }
}
