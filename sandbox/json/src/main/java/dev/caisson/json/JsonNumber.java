package dev.caisson.json;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** A number, kept as it was written. */
public record JsonNumber(Position position, String literal) implements JsonValue {
  /** The value if it is a whole number that fits in 64 bits. */
  public OptionalLong asLong() {
    try {
      return OptionalLong.of(new BigDecimal(literal).longValueExact());
    } catch (ArithmeticException notWhole) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String kind() {
    return "a number";
  }
}
