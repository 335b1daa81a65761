package dev.caisson.policy;

import dev.caisson.json.Position;

/**
 * Where a value of a policy stands.
 *
 * @param source the file or built-in policy
 * @param path where in the document, as {@code $.limits.memory}
 */
public record Origin(String source, Position position, String path) {
  @Override
  public String toString() {
    return source + ":" + position;
  }
}
