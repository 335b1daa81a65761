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
   * The filter of {@code rules}.
   *
   * @throws SeccompRefusal where it would have more instructions than the kernel takes
   */
  public static BpfProgram compile(SeccompRules rules) {
    FilterGraph graph = new FilterGraph();
    int kill = graph.returning(new SeccompAction.KillProcess());
    int number = graph.load(Bpf.NUMBER, numbers(rules, graph));
    int start =
        graph.load(Bpf.ARCH, graph.test(Bpf.JEQ, rules.architecture().auditArch(), number, kill));
    List<SockFilter> instructions = FilterLayout.of(graph, start);
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

  private static int numbers(SeccompRules rules, FilterGraph graph) {
    SyscallTable table = rules.table();
    long[] beyond = {table.end(), SeccompRules.X32_BIT, 0xffffffffL};
    int count = table.end() + beyond.length;
    long[] starts = new long[count];
    int[] targets = new int[count];
    double[] weights = new double[count];
    int allow = graph.returning(new SeccompAction.Allow());
    for (int number = 0; number < table.end(); number++) {
      starts[number] = number;
      targets[number] = decision(rules, graph, number);
      boolean cached = targets[number] == allow;
      weights[number] = !table.has(number) ? UNASSIGNED : cached ? ALLOWED : 1;
    }
    for (int i = 0; i < beyond.length; i++) {
      starts[table.end() + i] = beyond[i];
      targets[table.end() + i] = graph.returning(rules.otherwise((int) beyond[i]));
      weights[table.end() + i] = UNASSIGNED;
    }
    return IntervalTree.of(graph, starts, targets, weights);
  }

  private static int decision(SeccompRules rules, FilterGraph graph, int number) {
    List<Clause> clauses = rules.clauses(number);
    if (clauses.isEmpty()) {
      return graph.returning(rules.otherwise(number));
    }
    int[] widths = new int[SyscallTable.ARGUMENTS];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = rules.table().width(number, i);
    }
    return new CallDecision(graph, rules.otherwise(number), widths).node(clauses);
  }
}
