package dev.caisson.bench;

import java.util.Arrays;

/** Times of the same thing, in nanoseconds. */
final class Samples {
  private final long[] times;

  Samples(long[] times) {
    this.times = times.clone();
    Arrays.sort(this.times);
  }

  double medianMillis() {
    return times[times.length / 2] / 1e6;
  }

  /** What nine of ten did not exceed. */
  double slowMillis() {
    return times[times.length * 9 / 10] / 1e6;
  }
}
