package dev.caisson.engine.learn;

import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.Constants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Which arguments a learned policy tells apart: those that choose what a call does. */
final class TrackedArguments {
  /** How much of an argument is kept. */
  enum Kind {
    /** Its value. */
    VALUE,
    /** Its value, which is a set of flags. */
    FLAGS,
    /** A socket's type, without SOCK_CLOEXEC and SOCK_NONBLOCK. */
    SOCKET_TYPE,
    /** Whether it is 0. */
    ZERO
  }

  /**
   * An argument that is kept.
   *
   * @param index from 0 to 5
   * @param name as the policy language has it
   * @param constants names that its values have
   */
  record Argument(int index, String name, Kind kind, List<String> constants) {
    Argument {
      constants = List.copyOf(constants);
    }

    private long kept(long argument) {
      return switch (kind) {
        case VALUE, FLAGS -> argument & INT;
        case SOCKET_TYPE -> argument & SOCKET_TYPE_MASK;
        case ZERO -> argument == 0 ? 0 : 1;
      };
    }

    /** A value that was kept, as a policy says it. */
    String text(long value, Abi abi) {
      for (String constant : constants) {
        if (Constants.value(constant, abi).equals(OptionalLong.of(value))) {
          return constant;
        }
      }
      return kind == Kind.FLAGS ? flags(value, abi) : number(value);
    }

    private String flags(long value, Abi abi) {
      List<String> words = new ArrayList<>();
      long rest = value;
      for (String constant : constants) {
        long flag = Constants.value(constant, abi).orElse(0);
        if (flag != 0 && (rest & flag) == flag) {
          words.add(constant);
          rest &= ~flag;
        }
      }
      if (rest != 0 || words.isEmpty()) {
        words.add(number(rest));
      }
      return String.join("|", words);
    }
  }

  private static final long INT = 0xffffffffL;
  private static final long SOCKET_TYPE_MASK = 0xf;

  /** Call, index of the argument, its name, its kind, and constants. */
  private static final String[] TABLE = {
    "arch_prctl 0 code VALUE ARCH_SET_FS ARCH_GET_FS ARCH_SET_GS ARCH_GET_GS ARCH_SET_CPUID",
    "clone 0 clone_flags FLAGS CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PIDFD"
        + " CLONE_PTRACE CLONE_VFORK CLONE_PARENT CLONE_THREAD CLONE_SYSVSEM CLONE_SETTLS"
        + " CLONE_PARENT_SETTID CLONE_CHILD_CLEARTID CLONE_DETACHED CLONE_UNTRACED"
        + " CLONE_CHILD_SETTID CLONE_IO",
    "fcntl 1 cmd VALUE F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN"
        + " F_GETOWN F_SETSIG F_GETSIG F_SETOWN_EX F_GETOWN_EX F_OFD_GETLK F_OFD_SETLK"
        + " F_OFD_SETLKW F_SETLEASE F_GETLEASE F_NOTIFY F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ"
        + " F_ADD_SEALS F_GET_SEALS",
    "ioctl 1 cmd VALUE TCGETS TCSETS TCSETSW TCSETSF TCFLSH TCSBRK TCXONC TIOCGPGRP TIOCSPGRP"
        + " TIOCGWINSZ TIOCSWINSZ TIOCSCTTY TIOCNOTTY TIOCOUTQ FIONREAD FIONBIO FIOASYNC FIOCLEX"
        + " FIONCLEX TIOCGPTN TIOCSPTLCK TIOCGPTPEER SIOCGIFCONF SIOCGIFFLAGS SIOCGIFADDR"
        + " SIOCGIFINDEX",
    "ioprio_set 0 which VALUE",
    "ioprio_set 1 who VALUE",
    "personality 0 personality VALUE",
    "prctl 0 option VALUE PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_SET_DUMPABLE"
        + " PR_GET_KEEPCAPS PR_SET_KEEPCAPS PR_SET_NAME PR_GET_NAME PR_GET_SECCOMP"
        + " PR_SET_SECCOMP PR_CAPBSET_READ PR_CAPBSET_DROP PR_GET_SECUREBITS PR_SET_SECUREBITS"
        + " PR_SET_TIMERSLACK PR_GET_TIMERSLACK PR_SET_MM PR_SET_CHILD_SUBREAPER"
        + " PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS PR_GET_NO_NEW_PRIVS PR_GET_TID_ADDRESS"
        + " PR_SET_THP_DISABLE PR_GET_THP_DISABLE PR_CAP_AMBIENT PR_SET_VMA PR_SET_MDWE"
        + " PR_GET_MDWE",
    "prlimit64 0 pid VALUE",
    "prlimit64 1 resource VALUE RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE"
        + " RLIMIT_RSS RLIMIT_NPROC RLIMIT_NOFILE RLIMIT_MEMLOCK RLIMIT_AS RLIMIT_LOCKS"
        + " RLIMIT_SIGPENDING RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME",
    "prlimit64 2 new_rlim ZERO",
    "sched_setaffinity 0 pid VALUE",
    "sched_setattr 0 pid VALUE",
    "sched_setparam 0 pid VALUE",
    "sched_setscheduler 0 pid VALUE",
    "setpriority 0 which VALUE",
    "setpriority 1 who VALUE",
    "setsockopt 1 level VALUE SOL_SOCKET",
    "setsockopt 2 optname VALUE",
    "socket 0 family VALUE AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_VSOCK AF_ALG",
    "socket 1 type SOCKET_TYPE SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_SEQPACKET",
    "socket 2 protocol VALUE",
    "socketpair 0 family VALUE AF_UNIX",
    "socketpair 1 type SOCKET_TYPE SOCK_STREAM SOCK_DGRAM SOCK_SEQPACKET",
    "socketpair 2 protocol VALUE",
    "unshare 0 unshare_flags FLAGS CLONE_FS CLONE_FILES CLONE_SYSVSEM",
  };

  private static final Map<String, List<Argument>> BY_CALL = new HashMap<>();

  static {
    for (String row : TABLE) {
      List<String> words = List.of(row.split(" ", -1));
      List<Argument> all = BY_CALL.get(words.get(0));
      if (all == null) {
        all = new ArrayList<>();
        BY_CALL.put(words.get(0), all);
      }
      all.add(
          new Argument(
              Integer.parseInt(words.get(1)),
              words.get(2),
              Kind.valueOf(words.get(3)),
              words.subList(4, words.size())));
    }
  }

  private TrackedArguments() {}

  static List<Argument> of(String call) {
    return BY_CALL.getOrDefault(call, List.of());
  }

  /** The kept arguments' values, in their order. */
  static List<Long> values(List<Argument> kept, List<Long> arguments) {
    List<Long> values = new ArrayList<>();
    for (Argument argument : kept) {
      values.add(argument.kept(arguments.get(argument.index())));
    }
    return values;
  }

  /** Every call of which arguments are kept. */
  static List<String> calls() {
    return List.copyOf(BY_CALL.keySet());
  }

  private static String number(long value) {
    return value < 10 && value >= 0 ? Long.toString(value) : "0x" + Long.toHexString(value);
  }
}
