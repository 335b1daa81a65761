package dev.caisson.policy;

import dev.caisson.json.JsonPath;
import dev.caisson.json.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Constants as policies write them: READ_ONLY is {@code read-only}. */
final class Words {
  private static final int MOST_LISTED = 10;

  private Words() {}

  static String of(Enum<?> constant) {
    return constant instanceof Capability capability
        ? capability.fullName()
        : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> Optional<E> named(List<E> constants, String word) {
    for (E constant : constants) {
      if (of(constant).equals(word)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }

  /** What was expected, and the nearest spelling. */
  static String expectedOne(List<? extends Enum<?>> constants, String found) {
    List<String> words = constants.stream().map(Words::of).toList();
    String said =
        words.size() > MOST_LISTED
            ? "no such name: "
            : "expected one of " + String.join(", ", words) + ", found ";
    String hint = Nearest.hint(found, words);
    return said
        + JsonPath.quoted(found)
        + (hint.isEmpty() ? Nearest.hint(full(found), words) : hint);
  }

  /** As capabilities(7) writes a capability that Docker's flags and capsh name without CAP_. */
  private static String full(String found) {
    return "CAP_" + found.toUpperCase(Locale.ROOT);
  }
}
