package dev.caisson.policy.seccomp;

import java.util.Arrays;

/**
 * A filter as a graph of operations without addresses; equal nodes are one node. A node that tests
 * the accumulator is reached from the node that loaded it; returns and loads are reached from
 * anywhere.
 *
 * <p>The nodes lie in plain arrays: this runs once in a cold virtual machine at each launch.
 */
final class FilterGraph {
  private static final int NONE = -1;
  private static final int FIELDS = 4;

  private int[] nodes = new int[FIELDS * 128];
  private int[] table = filled(512);
  private int size;

  int size() {
    return size;
  }

  int code(int node) {
    return nodes[node * FIELDS];
  }

  int k(int node) {
    return nodes[node * FIELDS + 1];
  }

  /** Where a test that holds leads; the next node of a load or mask. */
  int yes(int node) {
    return nodes[node * FIELDS + 2];
  }

  /** Where a test that does not hold leads; negative for what is no test. */
  int no(int node) {
    return nodes[node * FIELDS + 3];
  }

  int returning(SeccompAction action) {
    return intern(Bpf.RET, action.returnValue(), NONE, NONE);
  }

  /** Loads a word for {@code next}, unless next does not look at the accumulator. */
  int load(int offset, int next) {
    return readsAccumulator(next) ? intern(Bpf.LD, offset, next, NONE) : next;
  }

  int mask(int mask, int next) {
    return readsAccumulator(next) ? intern(Bpf.AND, mask, next, NONE) : next;
  }

  /** A conditional jump; none where both ways lead to the same node. */
  int test(int code, int k, int yes, int no) {
    return yes == no ? yes : intern(code, k, yes, no);
  }

  private boolean readsAccumulator(int node) {
    return code(node) != Bpf.RET && code(node) != Bpf.LD;
  }

  private int intern(int code, int k, int yes, int no) {
    int slot = slot(code, k, yes, no);
    if (table[slot] != NONE) {
      return table[slot];
    }
    if ((size + 1) * FIELDS > nodes.length) {
      nodes = Arrays.copyOf(nodes, nodes.length * 2);
    }
    int at = size * FIELDS;
    nodes[at] = code;
    nodes[at + 1] = k;
    nodes[at + 2] = yes;
    nodes[at + 3] = no;
    table[slot] = size++;
    if (size * 2 > table.length) {
      grow();
    }
    return size - 1;
  }

  /** Where the node is in the table, or the free place where it belongs. */
  private int slot(int code, int k, int yes, int no) {
    int hash = ((code * 31 + k) * 31 + yes) * 31 + no;
    int slot = (hash ^ (hash >>> 15)) & (table.length - 1);
    while (table[slot] != NONE) {
      int node = table[slot];
      if (code(node) == code && k(node) == k && yes(node) == yes && no(node) == no) {
        return slot;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private void grow() {
    table = filled(table.length * 2);
    for (int node = 0; node < size; node++) {
      table[slot(code(node), k(node), yes(node), no(node))] = node;
    }
  }

  private static int[] filled(int length) {
    int[] table = new int[length];
    Arrays.fill(table, NONE);
    return table;
  }
}
