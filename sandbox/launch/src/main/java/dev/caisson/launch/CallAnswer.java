package dev.caisson.launch;

import dev.caisson.policy.seccomp.SeccompAction;
import java.util.function.Function;
import java.util.function.Supplier;

/** What becomes of a call that waited for its supervisor. */
public sealed interface CallAnswer {
  /** It is made, with the arguments that its memory has by then. */
  record Proceed() implements CallAnswer {}

  /**
   * It is not made, and fails.
   *
   * @param errno the error's number; 0 for a call that seems to succeed
   */
  record Fail(int errno) implements CallAnswer {
    public Fail {
      if (errno < 0 || errno > 4095) {
        throw new IllegalArgumentException("errno " + errno);
      }
    }
  }

  /** It is not made, and returns {@code value}. */
  record Succeed(long value) implements CallAnswer {}

  /**
   * What {@code work} says, which may wait: it is done in a thread of its own, and other calls are
   * answered meanwhile.
   */
  record Later(Supplier<CallAnswer> work) implements CallAnswer {}

  /** What {@code action} of a filter does to a call that a supervisor makes or refuses. */
  static CallAnswer of(SeccompAction action) {
    if (action instanceof SeccompAction.Allow || action instanceof SeccompAction.Log) {
      return new Proceed();
    }
    if (action instanceof SeccompAction.Errno errno) {
      return new Fail(errno.errno());
    }
    // nobody traces, and nobody else is asked: seccomp(2) answers so
    return action instanceof SeccompAction.Trace || action instanceof SeccompAction.Notify
        ? new Fail(Errno.ENOSYS.number())
        : new Kill();
  }

  /** The process is killed. */
  record Kill() implements CallAnswer {}

  /**
   * A sandbox whose program is about to begin.
   *
   * @param process one of its processes, by its number outside, which sees what the program will
   * @param filter what the policy's filter says of a call: it looks at what the kernel copied
   */
  record Start(int process, Function<NotifiedCall, SeccompAction> filter) {}

  /** What answers calls of a sandbox; it is asked one call at a time. */
  interface Supervisor {
    /** Told before the program begins. */
    default void begin(Start start) {}

    CallAnswer answer(NotifiedCall call);
  }

  /** What is told of calls that the policy's filter has decided. */
  interface Observer {
    /**
     * A call, before it is made or refused.
     *
     * @param decision what the policy's filter says
     */
    void seen(NotifiedCall call, CallAnswer decision);
  }
}
