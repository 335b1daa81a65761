package dev.caisson.launch;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.RootEmulation;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.SockFilter;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter that has changes of owners and ids, and the making of device nodes, return 0 without
 * being made ({@code process.rootEmulation} errno). It is loaded before the policy's: of two that
 * give an error the kernel takes the one that came last (seccomp(2)), so that what the policy
 * refuses stays refused.
 */
final class SeemingSuccess {
  private static final List<String> CALLS =
      List.of(
          "chown",
          "fchown",
          "lchown",
          "fchownat",
          "setuid",
          "setgid",
          "setreuid",
          "setregid",
          "setresuid",
          "setresgid",
          "setfsuid",
          "setfsgid",
          "setgroups",
          "capset");

  private static final int LOAD = 0x20;
  private static final int AND = 0x54;
  private static final int JUMP_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int ERRNO_0 = 0x00050000;
  private static final int ALLOW = 0x7fff0000;
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;

  static final String MEANING =
      "load the filter by which changes of owners and ids seem to succeed";

  private final LaunchContext c;

  SeemingSuccess(LaunchContext context) {
    c = context;
  }

  void load(Filters filters) {
    if (c.policy.process().rootEmulation() == RootEmulation.ERRNO) {
      filters.load(MEANING, filter(c.b.architecture()));
    }
  }

  static BpfProgram filter(Architecture architecture) {
    SyscallTable table = SyscallTable.of(architecture);
    List<SockFilter> filter = new ArrayList<>();
    filter.add(load(ARCHITECTURE));
    filter.add(new SockFilter(JUMP_EQUAL, 1, 0, architecture.auditArch()));
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    filter.add(load(NUMBER));
    for (String call : CALLS) {
      table.number(call).ifPresent(number -> seemsToSucceed(filter, number));
    }
    table.number("mknod").ifPresent(number -> deviceSeemsMade(filter, number, 1));
    table.number("mknodat").ifPresent(number -> deviceSeemsMade(filter, number, 2));
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    return new BpfProgram(filter);
  }

  private static void seemsToSucceed(List<SockFilter> filter, int number) {
    filter.add(new SockFilter(JUMP_EQUAL, 0, 1, number));
    filter.add(new SockFilter(RETURN, 0, 0, ERRNO_0));
  }

  /** FIFOs, sockets and files the kernel makes for anyone. */
  private static void deviceSeemsMade(List<SockFilter> filter, int number, int mode) {
    filter.add(new SockFilter(JUMP_EQUAL, 0, 6, number));
    filter.add(load(ARGUMENTS + 8 * mode));
    filter.add(new SockFilter(AND, 0, 0, Linux.S_IFMT));
    filter.add(new SockFilter(JUMP_EQUAL, 1, 0, Linux.S_IFCHR));
    filter.add(new SockFilter(JUMP_EQUAL, 0, 1, Linux.S_IFBLK));
    filter.add(new SockFilter(RETURN, 0, 0, ERRNO_0));
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
  }

  private static SockFilter load(int offset) {
    return new SockFilter(LOAD, 0, 0, offset);
  }
}
