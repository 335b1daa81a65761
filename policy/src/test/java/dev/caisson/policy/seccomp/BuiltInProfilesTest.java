package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the built-in profiles refuse and allow, asked of the compiled filter. */
class BuiltInProfilesTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);
  private static final long HIGH = 0xabcdef01L << 32;

  private record Filter(String name, Architecture architecture, BpfProgram program) {
    static Filter of(String name, Architecture architecture, Capability... kept) {
      return new Filter(
          name,
          architecture,
          SeccompCompiler.compile(
              SeccompProfile.builtIn(name).resolve(architecture, KERNEL, Set.of(kept))));
    }

    SeccompAction decide(String call, long... arguments) {
      int number = SyscallTable.of(architecture).number(call).orElseThrow();
      return BpfSimulator.run(program, architecture, number, arguments).action();
    }

    void denies(String call, long... arguments) {
      assertFalse(decide(call, arguments).executes(), name + " " + call);
    }

    void allows(String call, long... arguments) {
      assertTrue(decide(call, arguments).executes(), name + " " + call);
    }
  }

  private static List<Filter> all(Architecture architecture) {
    return List.of(
        Filter.of("default", architecture),
        Filter.of("strict", architecture),
        Filter.of("developer", architecture));
  }

  @ParameterizedTest
  @EnumSource
  void whatReachesTheHostsKernelIsRefused(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (String call :
          List.of(
              "acct",
              "add_key",
              "bpf",
              "chroot",
              "clock_settime",
              "delete_module",
              "fanotify_init",
              "finit_module",
              "fsconfig",
              "fsmount",
              "fsopen",
              "fspick",
              "init_module",
              "io_uring_enter",
              "io_uring_register",
              "io_uring_setup",
              "kexec_file_load",
              "kexec_load",
              "keyctl",
              "lookup_dcookie",
              "migrate_pages",
              "mount",
              "mount_setattr",
              "move_mount",
              "move_pages",
              "name_to_handle_at",
              "open_by_handle_at",
              "open_tree",
              "open_tree_attr",
              "perf_event_open",
              "pidfd_getfd",
              "pivot_root",
              "quotactl",
              "quotactl_fd",
              "reboot",
              "request_key",
              "setdomainname",
              "sethostname",
              "setns",
              "settimeofday",
              "swapoff",
              "swapon",
              "syslog",
              "umount2",
              "userfaultfd",
              "vhangup")) {
        filter.denies(call);
        filter.denies(call, -1, -1, -1, -1, -1, -1);
      }
      for (String call : List.of("iopl", "ioperm", "uselib", "ustat", "sysfs", "_sysctl")) {
        if (architecture == Architecture.X86_64) {
          filter.denies(call);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void noNamespaceCanBeMade(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (long flag :
          new long[] {0x20000, 1L << 25, 1L << 26, 1L << 27, 1 << 28, 1 << 29, 1 << 30}) {
        filter.denies("clone", flag | 17);
        filter.denies("clone", HIGH | flag | 17);
        filter.denies("unshare", flag);
      }
      filter.denies("unshare", 0x80); // CLONE_NEWTIME
      filter.allows("clone", 0x01200011);
      filter.allows("clone", 0x003d0f00);
      assertEquals(new SeccompAction.Errno(38), filter.decide("clone3", 1, 88));
    }
    Filter.of("default", architecture).allows("unshare", 0x400);
  }

  @ParameterizedTest
  @EnumSource
  void debuggersWorkForDevelopersOnly(Architecture architecture) {
    for (String call : List.of("ptrace", "process_vm_readv", "process_vm_writev", "kcmp")) {
      Filter.of("default", architecture).denies(call, 16, 1);
      Filter.of("strict", architecture).denies(call, 16, 1);
      Filter.of("developer", architecture).allows(call, 16, 1);
      Filter.of("default", architecture, Capability.SYS_PTRACE).allows(call, 16, 1);
    }
    Filter.of("default", architecture).denies("personality", 0x40000);
    Filter.of("developer", architecture).allows("personality", 0x40000);
  }

  @ParameterizedTest
  @EnumSource
  void noInputIsPushedIntoATerminal(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (long request : new long[] {0x5412, 0x541c}) {
        filter.denies("ioctl", 0, request, 0);
        filter.denies("ioctl", 0, HIGH | request, 0);
      }
      filter.allows("ioctl", 0, 0x5413, 0); // TIOCGWINSZ
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTellsOfTheHostOrOfOtherProcessesIsRefused(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (String call :
          List.of(
              "adjtimex",
              "cachestat",
              "clock_adjtime",
              "file_setattr",
              "listmount",
              "memfd_secret",
              "process_mrelease",
              "remap_file_pages",
              "statmount",
              "vmsplice")) {
        filter.denies(call);
      }
      filter.denies("ioctl", 0, 0x5423, 0); // TIOCSETD
      for (long option : new long[] {35, 62, 67, 77, 78}) {
        assertEquals(new SeccompAction.Errno(22), filter.decide("prctl", option));
      }
      filter.allows("prctl", 22, 2); // PR_SET_SECCOMP
      filter.denies("madvise", 0, 4096, 12); // MADV_MERGEABLE
      filter.allows("madvise", 0, 4096, 4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesInMemoryAreNotExecuted(Architecture architecture) {
    for (String name : List.of("default", "strict")) {
      Filter filter = Filter.of(name, architecture);
      filter.allows("memfd_create", 0x1000, 8); // MFD_NOEXEC_SEAL
      filter.allows("memfd_create", 0x1000, HIGH | 11);
      for (long flags : new long[] {0, 1, 2, 3, 16, 24, 27}) {
        assertEquals(
            new SeccompAction.Errno(38), filter.decide("memfd_create", 0x1000, HIGH | flags));
      }
    }
    Filter.of("developer", architecture).allows("memfd_create", 0x1000, 0);
  }

  @ParameterizedTest
  @EnumSource
  void noFilterAsksAnotherProcess(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      filter.denies("seccomp", 1, 8);
      filter.denies("seccomp", 1, 0x29);
    }
    Filter.of("default", architecture).allows("seccomp", 1, 1);
  }

  @ParameterizedTest
  @EnumSource
  void socketsOfListedFamiliesOnly(Architecture architecture) {
    for (Filter filter :
        List.of(Filter.of("default", architecture), Filter.of("developer", architecture))) {
      filter.allows("socket", 1, 1, 0);
      filter.allows("socket", 2, 1, 6);
      filter.allows("socket", 10, 2, 58);
      filter.allows("socket", HIGH | 2, HIGH | 2, HIGH | 17);
      filter.allows("socket", 16, 3, 0);
      for (long family = 0; family < 64; family++) {
        if (!Set.of(1L, 2L, 10L, 16L).contains(family)) {
          filter.denies("socket", family, 1, 0);
          filter.denies("socket", HIGH | family, 1, 0);
        }
      }
      for (long protocol : new long[] {33, 115, 132, 136, 255, 262}) {
        filter.denies("socket", 2, 3, protocol);
        filter.denies("socket", 10, 3, protocol);
      }
      filter.denies("socket", 16, 3, 4); // NETLINK_SOCK_DIAG
      filter.denies("socket", 16, 3, 12); // NETLINK_NETFILTER
      filter.denies("socketpair", 30, 1, 0); // AF_TIPC
      filter.allows("socketpair", 1, 1, 0);
    }
    for (long family = 0; family < 64; family++) {
      Filter.of("strict", architecture).denies("socket", family, 1, 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReaperCannotBeTouched(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (long pid : new long[] {1, 2, HIGH | 1, 0xffffffffL}) {
        filter.denies("prlimit64", pid, 0, 0x7fff0000);
        filter.denies("prlimit64", pid, 0, 1L << 40);
        filter.denies("sched_setaffinity", pid, 8, 0x1000);
        filter.denies("sched_setattr", pid, 0x1000, 0);
        filter.denies("sched_setparam", pid, 0x1000);
        filter.denies("sched_setscheduler", pid, 0, 0x1000);
        filter.denies("setpriority", 0, pid, 19);
        filter.denies("setpriority", 1, pid, 19);
        filter.denies("ioprio_set", 1, pid, 0);
      }
      filter.denies("setpriority", 2, 0, 19); // PRIO_USER: the reaper may have the same user
      filter.denies("ioprio_set", 3, 0, 0);
      filter.allows("prlimit64", 0, 7, 0x7fff0000);
      filter.allows("prlimit64", 1, 7, 0, 0x7fff0000);
      filter.allows("sched_setaffinity", 0, 8, 0x1000);
    }
    Filter.of("default", architecture).allows("setpriority", 0, 0, 19);
  }

  @ParameterizedTest
  @EnumSource
  void callsNewerThanTheProfileGetEnosys(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (int number : new int[] {470, 471, 472, 600, 0x3fffffff}) {
        assertEquals(
            new SeccompAction.Errno(38),
            BpfSimulator.run(filter.program, architecture, number).action());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatProgramsNeedIsAllowed(Architecture architecture) {
    for (Filter filter : all(architecture)) {
      for (String call :
          List.of(
              "read",
              "write",
              "openat",
              "close",
              "mmap",
              "mprotect",
              "munmap",
              "brk",
              "futex",
              "execve",
              "exit_group",
              "wait4",
              "rt_sigaction",
              "rt_sigreturn",
              "clock_nanosleep",
              "getrandom",
              "prctl",
              "rseq",
              "set_robust_list",
              "set_tid_address",
              "epoll_pwait",
              "pipe2",
              "newfstatat",
              "statx",
              "getdents64")) {
        filter.allows(call);
      }
    }
    for (String call : List.of("bind", "connect", "setuid", "seccomp", "shmget", "mq_open")) {
      Filter.of("default", architecture).allows(call);
    }
  }

  @ParameterizedTest
  @EnumSource
  void developerIsDefaultAndWhatDebuggersNeed(Architecture architecture) {
    Set<String> differing = new TreeSet<>();
    SyscallTable table = SyscallTable.of(architecture);
    SeccompProfile untrusted = SeccompProfile.builtIn("default");
    SeccompProfile developer = SeccompProfile.builtIn("developer");
    for (Set<Capability> kept :
        List.<Set<Capability>>of(Set.of(), EnumSet.allOf(Capability.class))) {
      SeccompRules one = untrusted.resolve(architecture, KERNEL, kept);
      SeccompRules two = developer.resolve(architecture, KERNEL, kept);
      for (String name : table.names()) {
        int number = table.number(name).orElseThrow();
        for (long value : new long[] {0, 1, 2, 8, 10, 16, 0x20000, 0x40000, 0x5412, -1}) {
          if (!one.decide(number, value, value).equals(two.decide(number, value, value))) {
            assertTrue(two.decide(number, value, value).executes());
            differing.add(name);
          }
        }
      }
    }
    Set<String> expected =
        new TreeSet<>(
            Set.of(
                "io_cancel",
                "io_destroy",
                "io_getevents",
                "io_pgetevents",
                "io_setup",
                "io_submit",
                "kcmp",
                "memfd_create",
                "personality",
                "process_madvise",
                "process_vm_readv",
                "process_vm_writev",
                "ptrace"));
    if (architecture == Architecture.X86_64) {
      expected.add("modify_ldt");
    }
    assertEquals(expected, differing);
  }
}
