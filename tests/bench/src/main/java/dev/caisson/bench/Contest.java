package dev.caisson.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs contestants in turn, each round beginning with another one, and prints their times. */
final class Contest {
  private final List<Contestant> contestants;

  Contest(List<Contestant> contestants) {
    this.contestants = List.copyOf(contestants);
  }

  /** Runs {@code rounds} rounds after some that do not count. */
  List<Samples> run(int rounds) {
    int count = contestants.size();
    long[][] times = new long[count][rounds];
    for (int round = -Math.max(rounds / 10, 1); round < rounds; round++) {
      for (int turn = 0; turn < count; turn++) {
        int which = Math.floorMod(turn + round, count);
        long time = time(contestants.get(which));
        if (round >= 0) {
          times[which][round] = time;
        }
      }
    }
    List<Samples> result = new ArrayList<>();
    for (long[] each : times) {
      result.add(new Samples(each));
    }
    return result;
  }

  private static long time(Contestant contestant) {
    long start = System.nanoTime();
    int status = contestant.start().run();
    long time = System.nanoTime() - start;
    if (status != 0) {
      throw new IllegalStateException(contestant.name() + " ended with status " + status);
    }
    return time;
  }

  /** One line each; the ratio is to the first one's median. */
  void print(PrintStream out, List<Samples> results) {
    double base = results.get(0).medianMillis();
    out.printf(Locale.ROOT, "  %-44s %10s %10s %7s%n", "", "median ms", "p90 ms", "ratio");
    for (int i = 0; i < results.size(); i++) {
      Samples each = results.get(i);
      out.printf(
          Locale.ROOT,
          "  %-44s %10.2f %10.2f %7.2f%n",
          contestants.get(i).name(),
          each.medianMillis(),
          each.slowMillis(),
          each.medianMillis() / base);
    }
  }
}
