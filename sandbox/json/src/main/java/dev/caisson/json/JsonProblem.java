package dev.caisson.json;

/**
 * One mistake in a document.
 *
 * @param path where in the tree, as {@code $.filesystem["/work"].access}
 */
public record JsonProblem(Position position, String path, String message) {}
