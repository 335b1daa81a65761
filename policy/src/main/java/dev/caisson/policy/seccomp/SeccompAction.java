package dev.caisson.policy.seccomp;

/** What seccomp(2) does with a call, the strictest first. */
public sealed interface SeccompAction {
  /** Allow's. */
  int MOST_RANK = 7;

  /** The value a filter returns (linux/seccomp.h). */
  int returnValue();

  /** 0 for the strictest, 7 for allow; two errnos are equally strict. */
  int rank();

  /** The name a profile gives it, {@code SCMP_ACT_ALLOW} for instance. */
  String profileName();

  /** Whether the call may be executed: allow, log, trace and notify. */
  default boolean executes() {
    return rank() >= 4;
  }

  /** The action the kernel takes for a filter's return value (seccomp(2)). */
  static SeccompAction ofReturnValue(int value) {
    int data = value & 0xffff;
    return switch (value & 0xffff0000) {
      case 0 -> new KillThread();
      case 0x00030000 -> new Trap();
      case 0x00050000 -> new Errno(Math.min(data, Errno.MAX));
      case 0x7fc00000 -> new Notify();
      case 0x7ff00000 -> new Trace(data);
      case 0x7ffc0000 -> new Log();
      case 0x7fff0000 -> new Allow();
      default -> new KillProcess();
    };
  }

  /** Ends the whole process with SIGSYS. */
  record KillProcess() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x80000000;
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_KILL_PROCESS";
    }

    @Override
    public String toString() {
      return "kill the process";
    }
  }

  /** Ends the calling thread with SIGSYS. */
  record KillThread() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0;
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_KILL_THREAD";
    }

    @Override
    public String toString() {
      return "kill the thread";
    }
  }

  /** Sends the caller SIGSYS. */
  record Trap() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x00030000;
    }

    @Override
    public int rank() {
      return 2;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_TRAP";
    }

    @Override
    public String toString() {
      return "trap";
    }
  }

  /** Fails the call with {@code errno}, 0 to 4095. */
  record Errno(int errno) implements SeccompAction {
    /** The highest errno the kernel returns. */
    public static final int MAX = 4095;

    public Errno {
      if (errno < 0 || errno > MAX) {
        throw new IllegalArgumentException("errno " + errno);
      }
    }

    @Override
    public int returnValue() {
      return 0x00050000 | errno;
    }

    @Override
    public int rank() {
      return 3;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_ERRNO";
    }

    @Override
    public String toString() {
      return "errno " + ErrnoName.of(errno);
    }
  }

  /** Asks a supervisor (seccomp_unotify(2)). */
  record Notify() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7fc00000;
    }

    @Override
    public int rank() {
      return 4;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_NOTIFY";
    }

    @Override
    public String toString() {
      return "notify";
    }
  }

  /** Tells a tracer, with this message; without one the call fails with ENOSYS. */
  record Trace(int message) implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7ff00000 | (message & 0xffff);
    }

    @Override
    public int rank() {
      return 5;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_TRACE";
    }

    @Override
    public String toString() {
      return "trace " + message;
    }
  }

  /** Executes the call and has the kernel log it. */
  record Log() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7ffc0000;
    }

    @Override
    public int rank() {
      return 6;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_LOG";
    }

    @Override
    public String toString() {
      return "log";
    }
  }

  /** Executes the call. */
  record Allow() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7fff0000;
    }

    @Override
    public int rank() {
      return 7;
    }

    @Override
    public String profileName() {
      return "SCMP_ACT_ALLOW";
    }

    @Override
    public String toString() {
      return "allow";
    }
  }
}
