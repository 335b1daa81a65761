package dev.caisson.policy;

import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.List;
import java.util.OptionalLong;

/** How an amount is written. */
enum Unit {
  COUNT("a whole number above 0", 1) {
    @Override
    OptionalLong amount(JsonValue value) {
      return value instanceof JsonNumber number ? number.asLong() : OptionalLong.empty();
    }

    @Override
    JsonValue write(long amount) {
      return JsonText.number(amount);
    }

    @Override
    JsonSchema schema() {
      return JsonSchema.wholeNumber(1, Long.MAX_VALUE);
    }
  },
  BYTES("a size above 0 with its unit (B, KiB, MiB, GiB, TiB), as \"512MiB\"", 1) {
    @Override
    OptionalLong amount(JsonValue value) {
      return value instanceof JsonString text ? bytes(text.value()) : OptionalLong.empty();
    }

    @Override
    JsonValue write(long amount) {
      int unit = 0;
      long left = amount;
      while (left % 1024 == 0 && left > 0 && unit < SIZES.length - 1) {
        left /= 1024;
        unit++;
      }
      return JsonText.text(left + SIZES[unit]);
    }

    @Override
    JsonSchema schema() {
      return JsonSchema.string("^0*[1-9][0-9]*([KMGT]i)?B$");
    }
  },
  BYTES_OR_NONE("0, or a size with its unit (B, KiB, MiB, GiB, TiB), as \"512MiB\"", 0) {
    @Override
    OptionalLong amount(JsonValue value) {
      boolean none = value instanceof JsonNumber number && number.literal().equals("0");
      return none ? OptionalLong.of(0) : BYTES.amount(value);
    }

    @Override
    JsonValue write(long amount) {
      return amount == 0 ? JsonText.number(0) : BYTES.write(amount);
    }

    @Override
    JsonSchema schema() {
      return JsonSchema.anyOf(
          List.of(
              JsonSchema.constant(JsonText.number(0)), JsonSchema.string("^[0-9]+([KMGT]i)?B$")));
    }
  },
  THOUSANDTHS("a number above 0 with at most three decimals, as 1.5", 1) {
    @Override
    OptionalLong amount(JsonValue value) {
      return value instanceof JsonNumber number ? number.scaledBy(3) : OptionalLong.empty();
    }

    @Override
    JsonValue write(long amount) {
      return JsonText.number(amount, 3);
    }

    @Override
    JsonSchema schema() {
      return JsonSchema.number().with("exclusiveMinimum", JsonText.number(0));
    }

    @Override
    String shown(long amount) {
      return JsonText.number(amount, 3).literal();
    }
  },
  MILLISECONDS("a duration above 0 with its unit (ms, s, m, h), as \"90s\"", 1) {
    @Override
    OptionalLong amount(JsonValue value) {
      return value instanceof JsonString text ? milliseconds(text.value()) : OptionalLong.empty();
    }

    @Override
    JsonValue write(long amount) {
      return JsonText.text(duration(amount));
    }

    @Override
    JsonSchema schema() {
      return JsonSchema.string("^0*[1-9][0-9]*(ms|s|m|h)$");
    }
  },
  SECONDS("a duration of whole seconds with its unit (s, m, h), as \"90s\"", 1) {
    @Override
    OptionalLong amount(JsonValue value) {
      OptionalLong milliseconds = MILLISECONDS.amount(value);
      return milliseconds.isPresent() && milliseconds.getAsLong() % 1000 == 0
          ? OptionalLong.of(milliseconds.getAsLong() / 1000)
          : OptionalLong.empty();
    }

    @Override
    JsonValue write(long amount) {
      return JsonText.text(duration(amount * 1000));
    }

    @Override
    JsonSchema schema() {
      return JsonSchema.string("^0*[1-9][0-9]*(s|m|h|000ms)$");
    }
  };

  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final long[] BYTE_FACTORS = {1, 1L << 10, 1L << 20, 1L << 30, 1L << 40};
  private static final String[] TIMES = {"ms", "s", "m", "h"};
  private static final long[] MILLIS = {1, 1000, 60_000, 3_600_000};

  private final String expected;
  private final long least;

  Unit(String expected, long least) {
    this.expected = expected;
    this.least = least;
  }

  /** The smallest amount that means something. */
  long least() {
    return least;
  }

  /** The amount; empty where the value is written otherwise. */
  abstract OptionalLong amount(JsonValue value);

  abstract JsonValue write(long amount);

  /** What {@link #amount} takes from {@link #least} on, but for what is too large. */
  abstract JsonSchema schema();

  String expected() {
    return expected;
  }

  String shown(long amount) {
    return write(amount) instanceof JsonString text ? text.value() : Long.toString(amount);
  }

  static OptionalLong bytes(String text) {
    return scaled(text, SIZES, BYTE_FACTORS);
  }

  static OptionalLong milliseconds(String text) {
    return scaled(text, TIMES, MILLIS);
  }

  /** The number at the start of {@code text} times the factor of its unit. */
  private static OptionalLong scaled(String text, String[] units, long[] factors) {
    int digits = digits(text);
    String unit = text.substring(digits);
    for (int i = 0; i < units.length; i++) {
      if (digits > 0 && unit.equals(units[i])) {
        try {
          long number = Long.parseLong(text.substring(0, digits));
          return OptionalLong.of(Math.multiplyExact(number, factors[i]));
        } catch (ArithmeticException | NumberFormatException tooLarge) {
          return OptionalLong.empty();
        }
      }
    }
    return OptionalLong.empty();
  }

  /** As a policy writes it. */
  static String duration(long milliseconds) {
    int unit = TIMES.length - 1;
    while (milliseconds % MILLIS[unit] != 0) {
      unit--;
    }
    return milliseconds / MILLIS[unit] + TIMES[unit];
  }

  private static int digits(String text) {
    int count = 0;
    while (count < text.length() && text.charAt(count) >= '0' && text.charAt(count) <= '9') {
      count++;
    }
    return count;
  }
}
