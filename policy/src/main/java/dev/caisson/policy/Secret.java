package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.function.UnaryOperator;

/**
 * Something that only the sandbox sees: the read-only file {@code /run/secrets/NAME}, mode 0400.
 * Its content is read when the sandbox starts and stands in no program, listing or log.
 *
 * @param name one component of a path
 */
public record Secret(String name, Source source) {
  /** This with another path of the host, if it has one. */
  Secret withSource(UnaryOperator<UnixPath> change) {
    return source instanceof File file
        ? new Secret(name, new File(change.apply(file.path())))
        : this;
  }

  /** Where the content comes from. */
  public sealed interface Source permits File, Descriptor {}

  /** A file of the host; the caller's right to read it is enough. */
  public record File(UnixPath path) implements Source {}

  /** A descriptor that the caller opened, read to its end. */
  public record Descriptor(int number) implements Source {}
}
