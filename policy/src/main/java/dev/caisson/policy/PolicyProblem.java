package dev.caisson.policy;

import dev.caisson.json.Position;

/**
 * One mistake in a policy.
 *
 * @param source the file or built-in it stands in
 * @param path where in the document, as {@code $.limits.memory}
 */
public record PolicyProblem(String source, Position position, String path, String message) {
  @Override
  public String toString() {
    return source + ":" + position + ": " + path + ": " + message;
  }
}
