package dev.caisson.policy;

import dev.caisson.json.JsonValue;
import java.util.Optional;

/** A field whose values are ordered by what they allow. */
abstract class OrderedField<T> extends Field<T> {
  private final T absent;

  OrderedField(String path, T absent) {
    super(path);
    this.absent = absent;
  }

  /** What holds where no policy sets it. */
  final T absent() {
    return absent;
  }

  /** The value as a policy writes it; empty where only leaving it out says it. */
  abstract Optional<JsonValue> write(T value);

  /**
   * The order of permission: what {@code one} allows and {@code other} does not, in words; empty
   * where {@code one} allows no more than {@code other}.
   */
  abstract Optional<String> excess(T one, T other);
}
