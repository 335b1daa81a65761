package dev.caisson.policy.seccomp;

import java.util.Arrays;

/**
 * Finds the cheapest search over a word's intervals: comparisons that halve it, and, where all but
 * a few single values lead to one node, those values one after the other ({@link Exceptions}). The
 * cost is what the calls execute, by weight, and a little for each instruction.
 */
final class IntervalTree {
  /** What an instruction costs beside one executed by a call of weight 1. */
  static final double INSTRUCTION = 0.6;

  /** Beyond this many intervals the search is halved by weight instead. */
  private static final int EXACT = 160;

  private final FilterGraph graph;
  private final long[] starts;
  private final int[] targets;
  private final double[] weights;
  private final double[][] costs;
  private final int[][] splits;

  /** A split of -1: the interval, or interval with exceptions, is decided here. */
  private static final int HERE = -1;

  private IntervalTree(FilterGraph graph, long[] starts, int[] targets, double[] weights) {
    this.graph = graph;
    this.starts = starts;
    this.targets = targets;
    this.weights = weights;
    int n = targets.length <= EXACT ? targets.length : 0;
    costs = new double[n][n];
    splits = new int[n][n];
  }

  /**
   * A node that tests the accumulator.
   *
   * @param starts where each interval of 0 to 2^32-1 starts, ascending from 0
   * @param targets where each leads
   * @param weights how much each counts
   */
  static int of(FilterGraph graph, long[] starts, int[] targets, double[] weights) {
    int kept = 0;
    long[] s = starts.clone();
    int[] t = targets.clone();
    double[] w = weights.clone();
    for (int i = 1; i < t.length; i++) {
      if (t[i] == t[kept]) {
        w[kept] += w[i];
      } else {
        kept++;
        s[kept] = s[i];
        t[kept] = t[i];
        w[kept] = w[i];
      }
    }
    int n = kept + 1;
    IntervalTree tree =
        new IntervalTree(graph, Arrays.copyOf(s, n + 1), Arrays.copyOf(t, n), Arrays.copyOf(w, n));
    tree.starts[n] = 1L << 32;
    if (n > EXACT) {
      return tree.halved(0, n - 1);
    }
    tree.search(n);
    return tree.node(0, n - 1);
  }

  private void search(int n) {
    for (int length = 2; length <= n; length++) {
      for (int i = 0; i + length <= n; i++) {
        int j = i + length - 1;
        double weight = 0;
        for (int k = i; k <= j; k++) {
          weight += weights[k];
        }
        Exceptions exceptions = exceptions(i, j);
        double best = exceptions.possible() ? exceptions.cost() : Double.POSITIVE_INFINITY;
        int split = HERE;
        for (int k = i; k < j; k++) {
          double cost = costs[i][k] + costs[k + 1][j] + weight + INSTRUCTION;
          if (cost < best) {
            best = cost;
            split = k;
          }
        }
        costs[i][j] = best;
        splits[i][j] = split;
      }
    }
  }

  private int node(int i, int j) {
    if (i == j) {
      return targets[i];
    }
    if (splits[i][j] == HERE) {
      return exceptions(i, j).node(graph);
    }
    int k = splits[i][j];
    return test(k, node(i, k), node(k + 1, j));
  }

  private int halved(int i, int j) {
    if (i == j) {
      return targets[i];
    }
    int k = (i + j) >>> 1;
    return test(k, halved(i, k), halved(k + 1, j));
  }

  private int test(int k, int below, int above) {
    return graph.test(Bpf.JGE, (int) starts[k + 1], above, below);
  }

  private Exceptions exceptions(int i, int j) {
    return Exceptions.of(starts, targets, weights, i, j);
  }
}
