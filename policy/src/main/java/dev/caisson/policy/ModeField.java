package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.Optional;

/** Bits of a file's mode in octal, as {@code "022"}: those that new files never get. */
final class ModeField extends OrderedField<Integer> {
  private static final int MOST = 0777;

  ModeField(String path, int absent) {
    super(path, absent);
  }

  @Override
  Optional<Integer> read(Source source) {
    Optional<Integer> mask =
        source.value() instanceof JsonString text ? octal(text.value(), MOST) : Optional.empty();
    return mask.isPresent() ? mask : source.expected("an octal mask in quotes, as \"022\"");
  }

  @Override
  JsonSchema schema() {
    return JsonSchema.string("^0{0,2}[0-7]{1,3}$");
  }

  /** The number that octal digits write, if it is no larger than {@code most}. */
  static Optional<Integer> octal(String text, int most) {
    boolean digits = !text.isEmpty() && text.length() <= 5;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '7';
    }
    return digits
        ? Optional.of(Integer.parseInt(text, 8)).filter(n -> n <= most)
        : Optional.empty();
  }

  static JsonValue written(int mode) {
    String digits = Integer.toOctalString(mode);
    return JsonText.text("0".repeat(Math.max(0, 3 - digits.length())) + digits);
  }

  @Override
  Optional<JsonValue> write(Integer value) {
    return Optional.of(written(value));
  }

  @Override
  Optional<String> excess(Integer one, Integer other) {
    return (other & ~one) == 0
        ? Optional.empty()
        : Optional.of(
            path()
                + " is "
                + Integer.toOctalString(one)
                + ", which lacks bits of "
                + Integer.toOctalString(other));
  }
}
