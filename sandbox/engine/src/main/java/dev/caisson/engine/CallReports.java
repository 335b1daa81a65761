package dev.caisson.engine;

import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells of the calls of which a policy's rule says so, and makes them as if it said allow. What
 * other rules say of a call of that name is decided here too, by the policy's filter and the
 * numbers that the kernel copied, which no program changes.
 */
final class CallReports implements Decider {
  /**
   * The calls that are made while a program's calls are handed over, or by which a thread ends or
   * goes on: they never wait.
   */
  static final Set<String> NEVER =
      Set.of("read", "write", "exit", "exit_group", "rt_sigreturn", "restart_syscall");

  private final SyscallTable table;
  private final int auditArch;
  private final Set<Integer> numbers = new HashSet<>();
  private final Consumer<ReportedCall> told;
  private Function<NotifiedCall, SeccompAction> filter = call -> new SeccompAction.KillProcess();

  CallReports(Architecture architecture, Set<String> calls, Consumer<ReportedCall> told) {
    table = SyscallTable.of(architecture);
    auditArch = architecture.auditArch();
    calls.forEach(call -> table.number(call).ifPresent(numbers::add));
    this.told = told;
  }

  @Override
  public void begin(CallAnswer.Start start) {
    filter = start.filter();
  }

  @Override
  public boolean decides(NotifiedCall call) {
    return call.auditArch() == auditArch && numbers.contains(call.number());
  }

  @Override
  public CallAnswer answer(NotifiedCall call) {
    SeccompAction action = filter.apply(call);
    if (action instanceof SeccompAction.Notify) {
      told.accept(ReportedCall.of(call, table));
      return new CallAnswer.Proceed();
    }
    return CallAnswer.of(action);
  }
}
