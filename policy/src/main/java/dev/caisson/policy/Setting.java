package dev.caisson.policy;

/** A value and where it was written. Two are equal if their values are, wherever they stand. */
record Setting<T>(T value, Origin origin) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Setting<?> setting && value.equals(setting.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }
}
