package dev.caisson.cli;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody meant to type. */
final class Spelling {
  private Spelling() {}

  /** "Did you mean X" for the nearest of {@code known}; empty where none is near. */
  static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(near -> "Did you mean " + near + "?").orElse("");
  }

  /** The word of {@code known} that the fewest changed letters make of {@code word}. */
  static Optional<String> nearest(String word, Collection<String> known) {
    String best = "";
    int bestDistance = word.length() / 3 + 2;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance && distance < candidate.length()) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** Letters inserted, removed, replaced or swapped with their neighbour. */
  static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
