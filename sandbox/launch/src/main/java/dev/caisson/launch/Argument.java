package dev.caisson.launch;

/** How a {@link Listing} shows an argument of a system call. */
sealed interface Argument permits ArgumentForm, ConstantNames {
  /** {@code value} for people; what it points to is in {@code memory}. */
  String show(long value, ProgramMemory memory);
}
