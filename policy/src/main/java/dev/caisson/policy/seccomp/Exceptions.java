package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A stretch of values that all lead to one node, but for a few single ones that are tested for
 * first. Four or eight single values that differ in two or three bits only and lead to one node are
 * tested at once, under a mask.
 */
final class Exceptions {
  /** The longest row of single values that is considered. */
  private static final int MOST = 6;

  private static final Exceptions IMPOSSIBLE = new Exceptions(-1, 0);

  private record Single(int value, int target, double weight) {}

  private final int base;
  private final double baseWeight;
  private final List<Single> singles = new ArrayList<>();
  private int cubeMask;
  private int cubeValue;
  private final List<Single> cube = new ArrayList<>();

  private Exceptions(int base, double baseWeight) {
    this.base = base;
    this.baseWeight = baseWeight;
  }

  static Exceptions of(long[] starts, int[] targets, double[] weights, int i, int j) {
    if (j - i > 2 * MOST) {
      return IMPOSSIBLE;
    }
    int base = -1;
    for (int k = i; k <= j; k++) {
      if (starts[k + 1] - starts[k] > 1) {
        if (base >= 0 && base != targets[k]) {
          return IMPOSSIBLE;
        }
        base = targets[k];
      }
    }
    if (base < 0) {
      base = targets[i];
    }
    double baseWeight = 0;
    for (int k = i; k <= j; k++) {
      baseWeight += targets[k] == base ? weights[k] : 0;
    }
    Exceptions exceptions = new Exceptions(base, baseWeight);
    for (int k = i; k <= j; k++) {
      if (targets[k] != base) {
        exceptions.singles.add(new Single((int) starts[k], targets[k], weights[k]));
      }
    }
    exceptions.findCube();
    exceptions.heaviestFirst();
    return exceptions.singles.size() > MOST ? IMPOSSIBLE : exceptions;
  }

  boolean possible() {
    return this != IMPOSSIBLE;
  }

  double cost() {
    int executed = 0;
    double cost = 0;
    for (Single single : singles) {
      executed++;
      cost += single.weight * executed;
    }
    if (!cube.isEmpty()) {
      executed += 2;
      for (Single single : cube) {
        cost += single.weight * executed;
      }
    }
    return cost + (baseWeight + IntervalTree.INSTRUCTION) * executed;
  }

  int node(FilterGraph graph) {
    int node = base;
    if (!cube.isEmpty()) {
      node = graph.mask(cubeMask, graph.test(Bpf.JEQ, cubeValue, cube.get(0).target, base));
    }
    for (int i = singles.size() - 1; i >= 0; i--) {
      node = graph.test(Bpf.JEQ, singles.get(i).value, singles.get(i).target, node);
    }
    return node;
  }

  private void findCube() {
    for (Single one : singles) {
      for (Single other : singles) {
        int free = one.value ^ other.value;
        int bits = Integer.bitCount(free);
        if (bits < 2 || bits > 3 || one.target != other.target || cube.size() >= 1 << bits) {
          continue;
        }
        List<Single> found = new ArrayList<>();
        for (Single single : singles) {
          if ((single.value & ~free) == (one.value & ~free) && single.target == one.target) {
            found.add(single);
          }
        }
        if (found.size() == 1 << bits) {
          cube.clear();
          cube.addAll(found);
          cubeMask = ~free;
          cubeValue = one.value & ~free;
        }
      }
    }
    for (int i = singles.size() - 1; i >= 0 && !cube.isEmpty(); i--) {
      Single single = singles.get(i);
      if ((single.value & cubeMask) == cubeValue && single.target == cube.get(0).target) {
        singles.remove(i);
      }
    }
  }

  private void heaviestFirst() {
    for (int i = 1; i < singles.size(); i++) {
      for (int j = i; j > 0 && singles.get(j).weight > singles.get(j - 1).weight; j--) {
        Collections.swap(singles, j, j - 1);
      }
    }
  }
}
