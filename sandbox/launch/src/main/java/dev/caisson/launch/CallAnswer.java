package dev.caisson.launch;

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

  /** The process is killed. */
  record Kill() implements CallAnswer {}

  /** What answers calls of a sandbox; it is asked one call at a time. */
  interface Supervisor {
    /**
     * Told before the program begins.
     *
     * @param process one of the sandbox's, by its number outside, which sees what the program will
     */
    default void begin(int process) {}

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
