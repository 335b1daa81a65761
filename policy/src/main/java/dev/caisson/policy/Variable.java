package dev.caisson.policy;

/** A variable's type and value. */
record Variable(Type type, dev.caisson.UnixPath value) {
  /** What a value may be; in a path, a text counts only if it is a name. */
  enum Type {
    /** One component of a path: no slash, and neither {@code .} nor {@code ..}. */
    NAME,
    /** An absolute path without {@code ..}. */
    PATH,
    TEXT
  }
}
