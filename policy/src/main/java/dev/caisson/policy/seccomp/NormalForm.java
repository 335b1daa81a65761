package dev.caisson.policy.seccomp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text of everything that rules decide. Rules with the same text decide the same; what the
 * profile was called, and how it was written, is not in it.
 */
final class NormalForm {
  private final StringBuilder out = new StringBuilder();

  private NormalForm() {}

  static byte[] of(FilterRules rules) {
    NormalForm form = new NormalForm();
    form.out.append(rules.refusesVsyscalls() ? "no vsyscalls\n" : "");
    for (int arch : rules.auditArchs()) {
      form.out.append("arch ").append(Integer.toHexString(arch)).append('\n');
      for (CallRange range : rules.ranges(arch)) {
        form.add(range);
      }
    }
    return form.out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void add(CallRange range) {
    out.append(range.first()).append('-').append(range.last());
    for (Clause clause : range.clauses()) {
      for (ArgumentTest test : clause.tests()) {
        add(test, range.widths());
      }
      action(clause.action());
    }
    action(range.otherwise());
    out.append('\n');
  }

  private void add(ArgumentTest test, List<Integer> widths) {
    out.append(" argument ").append(test.argument());
    out.append(':').append(widths.get(test.argument()));
    if (test instanceof ArgumentTest.Masked masked) {
      out.append(" & ").append(masked.mask()).append(" = ").append(masked.value());
      return;
    }
    for (ArgumentTest.Range range : ((ArgumentTest.InRanges) test).ranges()) {
      out.append(" in ").append(range.first()).append("..").append(range.last());
    }
  }

  private void action(SeccompAction action) {
    out.append(" => ").append(Integer.toHexString(action.returnValue()));
  }
}
