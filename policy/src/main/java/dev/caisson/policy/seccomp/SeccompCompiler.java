package dev.caisson.policy.seccomp;

import java.util.List;

/**
 * Compiles rules to classic BPF for their architecture's own ABI: every other ABI ends the process.
 * The filter searches the call's number over the intervals of equal decision; arguments are
 * compared at the width the kernel reads.
 */
public final class SeccompCompiler {
  /** Constant allows count less: the kernel answers them without running the filter. */
  private static final double ALLOWED = 0.2;

  private static final double UNASSIGNED = 0.01;

  private SeccompCompiler() {}

  /**
   * The filter of {@code rules}; any other ABI ends the process.
   *
   * @throws SeccompRefusal where it would have more instructions than the kernel takes
   */
  public static BpfProgram compile(SeccompRules rules) {
    return compile(FilterRules.of(rules));
  }

  /**
   * The filter of {@code rules}.
   *
   * @throws SeccompRefusal where it would have more instructions than the kernel takes
   */
  public static BpfProgram compile(FilterRules rules) {
    FilterGraph graph = new FilterGraph();
    int start = graph.returning(new SeccompAction.KillProcess());
    List<Integer> archs = rules.auditArchs();
    for (int i = archs.size() - 1; i >= 0; i--) {
      int calls = graph.load(Bpf.NUMBER, numbers(rules, archs.get(i), graph));
      start = graph.test(Bpf.JEQ, archs.get(i), calls, start);
    }
    List<SockFilter> instructions = FilterLayout.of(graph, graph.load(Bpf.ARCH, start));
    if (instructions.size() > BpfProgram.MAX_INSTRUCTIONS) {
      throw new SeccompRefusal(
          "compile the seccomp profile " + rules.name(),
          "its filter would have "
              + instructions.size()
              + " instructions; the kernel takes at most "
              + BpfProgram.MAX_INSTRUCTIONS,
          "Use fewer rules that look at arguments");
    }
    return new BpfProgram(instructions);
  }

  private static int numbers(FilterRules rules, int auditArch, FilterGraph graph) {
    List<CallRange> ranges = rules.ranges(auditArch);
    long[] starts = new long[ranges.size()];
    int[] targets = new int[ranges.size()];
    double[] weights = new double[ranges.size()];
    int allow = graph.returning(new SeccompAction.Allow());
    for (int i = 0; i < targets.length; i++) {
      CallRange range = ranges.get(i);
      starts[i] = range.first();
      targets[i] = decision(range, graph);
      if (rules.looksAtOrigin(range)) {
        int refused = graph.returning(VsyscallPage.REFUSED);
        int test = graph.test(Bpf.JEQ, VsyscallPage.HIGH, refused, targets[i]);
        targets[i] = graph.load(Bpf.POINTER_HIGH, test);
      }
      boolean cached = targets[i] == allow;
      weights[i] = !range.assigned() ? UNASSIGNED : cached ? ALLOWED : 1;
    }
    return IntervalTree.of(graph, starts, targets, weights);
  }

  private static int decision(CallRange range, FilterGraph graph) {
    if (range.clauses().isEmpty()) {
      return graph.returning(range.otherwise());
    }
    return new CallDecision(graph, range).node();
  }
}
