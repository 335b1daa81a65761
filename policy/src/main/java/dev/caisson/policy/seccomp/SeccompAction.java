package dev.caisson.policy.seccomp;

/** What seccomp(2) does with a call, the strictest first. */
public sealed interface SeccompAction {
  /** The value a filter returns (linux/seccomp.h). */
  int returnValue();

  /** Ends the whole process with SIGSYS. */
  record KillProcess() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x80000000;
    }
  }

  /** Ends the calling thread with SIGSYS. */
  record KillThread() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0;
    }
  }

  /** Sends the caller SIGSYS. */
  record Trap() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x00030000;
    }
  }

  /** Fails the call with {@code errno}, 0 to 4095. */
  record Errno(int errno) implements SeccompAction {
    public Errno {
      if (errno < 0 || errno > 4095) {
        throw new IllegalArgumentException("errno " + errno);
      }
    }

    @Override
    public int returnValue() {
      return 0x00050000 | errno;
    }
  }

  /** Asks a supervisor (seccomp_unotify(2)). */
  record Notify() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7fc00000;
    }
  }

  /** Tells a tracer, with this message; without one the call fails with ENOSYS. */
  record Trace(int message) implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7ff00000 | (message & 0xffff);
    }
  }

  /** Executes the call and has the kernel log it. */
  record Log() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7ffc0000;
    }
  }

  /** Executes the call. */
  record Allow() implements SeccompAction {
    @Override
    public int returnValue() {
      return 0x7fff0000;
    }
  }
}
