package dev.caisson.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberTest {
  @Test
  void wholeNumbersOf64BitsAreRead() {
    assertEquals(OptionalLong.of(Long.MIN_VALUE), asLong("-9223372036854775808"));
    assertEquals(OptionalLong.of(200), asLong("2e2"));
    assertEquals(OptionalLong.of(2), asLong("2.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "9223372036854775808", "1e999999999", "1e99999999999"})
  void otherNumbersAreNone(String literal) {
    assertEquals(OptionalLong.empty(), asLong(literal));
  }

  @Test
  void megabytesOfDigitsCostNothing() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertEquals(OptionalLong.empty(), asLong("1".repeat(4 << 20))));
  }

  private static OptionalLong asLong(String literal) {
    return new JsonNumber(new Position(1, 1), literal).asLong();
  }
}
