package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonValue;
import java.util.Optional;
import java.util.OptionalLong;

/** The most of something that may be used up; without one there is no limit. */
final class LimitField extends OrderedField<OptionalLong> {
  private final Unit unit;

  LimitField(String path, Unit unit) {
    super(path, OptionalLong.empty());
    this.unit = unit;
  }

  @Override
  Optional<OptionalLong> read(Source source) {
    OptionalLong amount = unit.amount(source.value());
    return amount.isPresent() && amount.getAsLong() >= unit.least()
        ? Optional.of(amount)
        : source.expected(unit.expected());
  }

  @Override
  JsonSchema schema() {
    return unit.schema();
  }

  @Override
  Optional<JsonValue> write(OptionalLong value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(unit.write(value.getAsLong()));
  }

  @Override
  Optional<String> excess(OptionalLong one, OptionalLong other) {
    if (other.isEmpty() || (one.isPresent() && one.getAsLong() <= other.getAsLong())) {
      return Optional.empty();
    }
    String allowed = one.isEmpty() ? "unlimited" : unit.shown(one.getAsLong());
    return Optional.of(path() + " is " + allowed + ", not " + unit.shown(other.getAsLong()));
  }
}
