package dev.caisson.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The nearest valid spelling of a misspelt word. */
public final class Nearest {
  private static final int SHORTEST_BEGINNING = 3;

  /** So few letters that two changed ones make another word of it. */
  private static final int SHORT = 4;

  private Nearest() {}

  /** {@code "; did you mean X?"}, or nothing where no word is near. */
  public static String hint(String word, Collection<String> valid) {
    return word(word, valid).map(nearest -> "; did you mean " + nearest + "?").orElse("");
  }

  /**
   * The word of {@code valid} that {@code word} begins, the shortest if there are several; else the
   * one that the fewest changed letters make of it: one letter of up to four, a third of them at
   * the most.
   */
  public static Optional<String> word(String word, Collection<String> valid) {
    Optional<String> whole = completed(word, valid);
    return whole.isPresent() ? whole : respelt(word, valid);
  }

  private static Optional<String> completed(String word, Collection<String> valid) {
    if (word.length() < SHORTEST_BEGINNING) {
      return Optional.empty();
    }
    return valid.stream()
        .filter(candidate -> candidate.startsWith(word))
        .min(Comparator.comparingInt(String::length));
  }

  private static Optional<String> respelt(String word, Collection<String> valid) {
    String nearest = "";
    int best = Integer.MAX_VALUE;
    for (String candidate : valid) {
      int most = Math.min(best - 1, most(Math.min(letters(word), letters(candidate))));
      if (Math.abs(candidate.length() - word.length()) <= most) {
        int distance = distance(word, candidate);
        if (distance <= most && 2 * distance < Math.max(word.length(), candidate.length())) {
          best = distance;
          nearest = candidate;
        }
      }
    }
    return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
  }

  /** How many letters may differ from a word with so many. */
  private static int most(int letters) {
    return letters <= SHORT ? 1 : Math.max(2, letters / 3);
  }

  /** How many there are, the dashes of a flag aside. */
  private static int letters(String word) {
    int dashes = 0;
    while (dashes < word.length() && word.charAt(dashes) == '-') {
      dashes++;
    }
    return word.length() - dashes;
  }

  /** Levenshtein's distance, a transposition of neighbours counting 1. */
  static int distance(String one, String other) {
    int[] before = new int[other.length() + 1];
    int[] last = new int[other.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(last[j - 1] + change, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return last[other.length()];
  }
}
