package dev.caisson.policy.seccomp;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A number in a condition: the bits of a literal and of named constants together.
 *
 * @param bits of the literals, unsigned
 * @param constants names whose numbers an ABI decides
 */
public record ConditionValue(long bits, List<String> constants) {
  public ConditionValue {
    constants = List.copyOf(constants);
  }

  public static ConditionValue of(long number) {
    return new ConditionValue(number, List.of());
  }

  /** The first constant that {@code abi} does not have. */
  Optional<String> missing(Abi abi) {
    for (String name : constants) {
      if (Constants.value(name, abi).isEmpty()) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** The number on an ABI that has all of the constants. */
  long on(Abi abi) {
    long value = bits;
    for (String name : constants) {
      OptionalLong one = Constants.value(name, abi);
      value |= one.orElseThrow();
    }
    return value;
  }

  /** As a policy writes it. */
  @Override
  public String toString() {
    if (constants.isEmpty()) {
      return Long.compareUnsigned(bits, 10) < 0
          ? Long.toString(bits)
          : "0x" + Long.toHexString(bits);
    }
    String names = String.join("|", constants);
    return bits == 0 ? names : names + "|0x" + Long.toHexString(bits);
  }
}
