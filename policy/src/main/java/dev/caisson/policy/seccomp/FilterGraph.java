package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A filter as a graph of operations without addresses; equal nodes are one node. A node that tests
 * the accumulator is reached from the node that loaded it; returns and loads are reached from
 * anywhere.
 */
final class FilterGraph {
  /** {@code yes} is the next node of a load or mask; a return has neither. */
  record Node(int code, int k, int yes, int no) {}

  private static final int NONE = -1;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, Integer> indexes = new HashMap<>();

  Node node(int index) {
    return nodes.get(index);
  }

  int size() {
    return nodes.size();
  }

  int returning(SeccompAction action) {
    return intern(new Node(Bpf.RET, action.returnValue(), NONE, NONE));
  }

  /** Loads a word for {@code next}, unless next does not look at the accumulator. */
  int load(int offset, int next) {
    return readsAccumulator(next) ? intern(new Node(Bpf.LD, offset, next, NONE)) : next;
  }

  int mask(int mask, int next) {
    return readsAccumulator(next) ? intern(new Node(Bpf.AND, mask, next, NONE)) : next;
  }

  /** A conditional jump; none where both ways lead to the same node. */
  int test(int code, int k, int yes, int no) {
    return yes == no ? yes : intern(new Node(code, k, yes, no));
  }

  private boolean readsAccumulator(int index) {
    int code = nodes.get(index).code();
    return code != Bpf.RET && code != Bpf.LD;
  }

  private int intern(Node node) {
    Integer known = indexes.get(node);
    if (known != null) {
      return known;
    }
    nodes.add(node);
    indexes.put(node, nodes.size() - 1);
    return nodes.size() - 1;
  }
}
