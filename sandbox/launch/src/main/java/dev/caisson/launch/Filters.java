package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.SockFilter;
import java.util.ArrayList;
import java.util.List;

/** The seccomp filters of a launch, in its data. */
final class Filters {
  private static final int LOAD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int ALLOW = 0x7fff0000;
  private static final int NUMBER_OFFSET = 0;
  private static final int ARCHITECTURE_OFFSET = 4;

  /** All that the first process does once it is sealed. */
  static final List<Syscall> INIT_CALLS =
      List.of(
          Syscall.WAIT4,
          Syscall.RT_SIGTIMEDWAIT,
          Syscall.KILL,
          Syscall.WRITE,
          Syscall.CLOSE_RANGE,
          Syscall.EXIT_GROUP);

  private final ProgramBuilder b;

  Filters(LaunchContext context) {
    b = context.b;
  }

  /** The first process's own filter: six calls, and the end of the process for any other. */
  BpfProgram init() {
    Architecture architecture = b.architecture();
    List<SockFilter> filter = new ArrayList<>();
    int calls = INIT_CALLS.size();
    filter.add(new SockFilter(LOAD, 0, 0, ARCHITECTURE_OFFSET));
    filter.add(new SockFilter(JUMP_EQUAL, 0, calls + 1, architecture.auditArch()));
    filter.add(new SockFilter(LOAD, 0, 0, NUMBER_OFFSET));
    for (int i = 0; i < calls; i++) {
      int number = INIT_CALLS.get(i).number(architecture);
      filter.add(new SockFilter(JUMP_EQUAL, calls - i, 0, number));
    }
    filter.add(new SockFilter(RETURN, 0, 0, KILL_PROCESS));
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    return new BpfProgram(filter);
  }

  /** Loads {@code filter} for the calling process; no_new_privs is set by then. */
  void load(String meaning, BpfProgram filter) {
    load(meaning, filter, 0);
  }

  /** The same with {@code flags} (seccomp(2)). */
  ProgramBuilder.Call load(String meaning, BpfProgram filter, long flags) {
    return b.call(
            meaning,
            Syscall.SECCOMP,
            n(Linux.SECCOMP_SET_MODE_FILTER),
            n(flags),
            // struct sock_fprog: u16 length, pointer
            b.words(filter.instructions().size(), b.bytes(filter.toBytes()).value()))
        .advise(Errno.EINVAL, "The kernel was built without seccomp filters")
        .advise(Errno.ENOSYS, "The kernel was built without seccomp filters");
  }
}
