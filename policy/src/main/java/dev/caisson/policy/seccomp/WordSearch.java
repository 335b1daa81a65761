package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A search over the intervals of an argument, by one word of it or both. */
final class WordSearch {
  private WordSearch() {}

  /**
   * @param width the bytes of the argument that the kernel reads
   * @param starts where the intervals start, unsigned ascending from 0
   * @param targets where each leads
   */
  static int of(
      FilterGraph graph,
      Abi abi,
      int argument,
      int width,
      List<Long> starts,
      List<Integer> targets) {
    if (width < Long.BYTES) {
      int search = word(graph, starts, targets);
      if (width < Integer.BYTES) {
        search = graph.mask((int) ArgumentTest.widthMask(width), search);
      }
      return graph.load(abi.low(argument), search);
    }
    List<Long> highStarts = new ArrayList<>();
    List<Integer> highTargets = new ArrayList<>();
    int i = 0;
    while (i < starts.size()) {
      long high = starts.get(i) >>> 32;
      List<Long> lowStarts = new ArrayList<>();
      List<Integer> lowTargets = new ArrayList<>();
      if ((int) (long) starts.get(i) != 0) {
        lowStarts.add(0L);
        lowTargets.add(targets.get(i - 1));
      }
      for (; i < starts.size() && starts.get(i) >>> 32 == high; i++) {
        lowStarts.add(starts.get(i) & 0xffffffffL);
        lowTargets.add(targets.get(i));
      }
      highStarts.add(high);
      highTargets.add(graph.load(abi.low(argument), word(graph, lowStarts, lowTargets)));
      boolean adjacent = i < starts.size() && starts.get(i) >>> 32 == high + 1;
      if (high != 0xffffffffL && !adjacent) {
        highStarts.add(high + 1);
        highTargets.add(targets.get(i - 1));
      }
    }
    return graph.load(abi.high(argument), word(graph, highStarts, highTargets));
  }

  private static int word(FilterGraph graph, List<Long> starts, List<Integer> targets) {
    long[] s = new long[starts.size()];
    int[] t = new int[starts.size()];
    for (int i = 0; i < s.length; i++) {
      s[i] = starts.get(i);
      t[i] = targets.get(i);
    }
    double[] weights = new double[s.length];
    Arrays.fill(weights, 1);
    return IntervalTree.of(graph, s, t, weights);
  }
}
