package dev.caisson.policy.seccomp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Gives a graph's nodes addresses, from the last instruction to the first, so that every target is
 * placed before what jumps to it. What is too far for a conditional jump gets a stepping stone near
 * by: a copy of a return, or a long jump.
 */
final class FilterLayout {
  private final FilterGraph graph;
  private final List<SockFilter> backwards = new ArrayList<>();
  private final int[] placed;

  private FilterLayout(FilterGraph graph) {
    this.graph = graph;
    placed = new int[graph.size()];
    Arrays.fill(placed, -1);
  }

  /** The instructions from {@code start} on; may be more than a program can hold. */
  static List<SockFilter> of(FilterGraph graph, int start) {
    FilterLayout layout = new FilterLayout(graph);
    for (int node : layout.targetsFirst(start)) {
      layout.place(node);
    }
    Collections.reverse(layout.backwards);
    return layout.backwards;
  }

  private List<Integer> targetsFirst(int start) {
    List<Integer> order = new ArrayList<>();
    boolean[] opened = new boolean[graph.size()];
    boolean[] done = new boolean[graph.size()];
    Deque<Integer> stack = new ArrayDeque<>();
    stack.push(start);
    while (!stack.isEmpty()) {
      int index = stack.peek();
      if (done[index]) {
        stack.pop();
      } else if (opened[index] || graph.code(index) == Bpf.RET) {
        stack.pop();
        done[index] = true;
        order.add(index);
      } else {
        opened[index] = true;
        stack.push(graph.yes(index));
        if (graph.no(index) >= 0) {
          stack.push(graph.no(index));
        }
      }
    }
    return order;
  }

  private void place(int node) {
    int code = graph.code(node);
    int yes = graph.yes(node);
    int no = graph.no(node);
    switch (code) {
      case Bpf.RET -> add(node, new SockFilter(code, 0, 0, graph.k(node)));
      case Bpf.LD, Bpf.AND -> {
        if (distance(yes) != 0) {
          step(yes);
        }
        add(node, new SockFilter(code, 0, 0, graph.k(node)));
      }
      default -> {
        // one less: the stone of one way moves the other a step away
        if (distance(no) > Bpf.MAX_JUMP - 1) {
          step(no);
        }
        if (distance(yes) > Bpf.MAX_JUMP) {
          step(yes);
        }
        add(node, new SockFilter(code, distance(yes), distance(no), graph.k(node)));
      }
    }
  }

  /** The instructions between the one placed next and {@code node}. */
  private int distance(int node) {
    return backwards.size() - placed[node] - 1;
  }

  private void step(int node) {
    boolean ends = graph.code(node) == Bpf.RET;
    add(
        node,
        ends
            ? new SockFilter(Bpf.RET, 0, 0, graph.k(node))
            : new SockFilter(Bpf.JA, 0, 0, distance(node)));
  }

  private void add(int node, SockFilter instruction) {
    placed[node] = backwards.size();
    backwards.add(instruction);
  }
}
