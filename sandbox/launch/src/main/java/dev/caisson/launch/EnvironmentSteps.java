package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import java.util.List;

/** The environment of a compiled launcher's payload: what is set, and what its caller passes. */
final class EnvironmentSteps {
  /** How many variables are passed at the most. */
  private static final int MAX_PASSED = 1024;

  private final LaunchContext c;
  private final ProgramBuilder b;

  EnvironmentSteps(LaunchContext context) {
    c = context;
    b = context.b;
  }

  /**
   * The pointers for execve(2): the fixed lines, then each variable of the launcher's own
   * environment that the policy passes and that is not set already.
   */
  Operand.Immediate merge(List<UnixPath> fixed) {
    Operand.Immediate pointers = b.zeroes((fixed.size() + MAX_PASSED + 1) * 8);
    for (int i = 0; i < fixed.size(); i++) {
      b.store(8, pointers, i * 8L, b.text(fixed.get(i)));
    }
    List<String> prefixes = prefixes();
    if (!prefixes.isEmpty()) {
      long[] texts = prefixes.stream().mapToLong(prefix -> b.text(prefix).value()).toArray();
      appendPassed(pointers.value() + fixed.size() * 8L, b.words(texts), texts.length);
    }
    return pointers;
  }

  /** What a line must start with: {@code NAME=}, or the part before the star of a pattern. */
  private List<String> prefixes() {
    return c.policy.environment().pass().stream()
        .filter(name -> !c.request.environment().containsKey(name))
        .map(name -> name.endsWith("*") ? name.substring(0, name.length() - 1) : name + "=")
        .toList();
  }

  private void appendPassed(long start, Operand.Immediate table, int rows) {
    Operand.Slot line = b.slot();
    Operand.Slot row = b.slot();
    Operand.Slot text = b.slot();
    Operand.Slot prefix = b.slot();
    Operand.Slot at = b.slot();
    Operand.Slot expected = b.slot();
    Operand.Slot found = b.slot();
    Operand.Slot end = b.slot();
    Label nextLine = b.label();
    Label nextRow = b.label();
    Label nextByte = b.label();
    Label passed = b.label();
    Label skip = b.label();
    Label mismatch = b.label();
    Label done = b.label();
    // the stack holds argc, argv with its null, then the environment's pointers; argc is 1
    b.add(line, new Operand.Slot(LaunchProgram.STACK_POINTER_SLOT), n(3 * 8));
    b.set(end, n(start));
    b.place(nextLine);
    b.load(8, text, line, 0);
    b.jumpIfEqual(text, n(0), done);
    b.set(row, table);
    b.place(nextRow);
    b.jumpIfEqual(row, n(table.value() + rows * 8L), skip);
    b.load(8, prefix, row, 0);
    b.set(at, text);
    b.place(nextByte);
    b.load(1, expected, prefix, 0);
    b.jumpIfEqual(expected, n(0), passed);
    b.load(1, found, at, 0);
    b.jumpIfNotEqual(found, expected, mismatch);
    b.add(prefix, prefix, n(1));
    b.add(at, at, n(1));
    b.jump(nextByte);
    b.place(mismatch);
    b.add(row, row, n(8));
    b.jump(nextRow);
    b.place(passed);
    b.jumpIfEqual(end, n(start + MAX_PASSED * 8L), done);
    b.store(8, end, 0, text);
    b.add(end, end, n(8));
    b.place(skip);
    b.add(line, line, n(8));
    b.jump(nextLine);
    b.place(done);
  }
}
