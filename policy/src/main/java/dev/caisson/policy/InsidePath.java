package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.Optional;

/** Paths inside the sandbox, as a policy may name them. */
final class InsidePath {
  static final String EXPECTED = "expected an absolute path below / without . and ..";

  private InsidePath() {}

  /** {@code path} without doubled slashes; empty where it is not as {@link #EXPECTED}. */
  static Optional<UnixPath> of(UnixPath path) {
    if (!Variables.isPlain(path) || path.components().isEmpty()) {
      return Optional.empty();
    }
    UnixPath result = UnixPath.of("/");
    for (UnixPath part : path.components()) {
      result = result.resolve(part);
    }
    return Optional.of(result);
  }
}
