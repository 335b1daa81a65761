package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.util.OptionalLong;

/**
 * The policy's limit of what is written to standard output and error together. The relays share a
 * counter of eventfd(2): it adds in one call, whichever of them does, and refuses (EAGAIN) to count
 * past its highest value, from which it is as far away at the start as the limit says.
 */
final class OutputLimit {
  /** The number that every relay keeps the counter at. */
  static final int COUNTER = 62;

  /** How a relay ends that may write no more; no errno is that high. */
  static final int REACHED = 200;

  private static final long HIGHEST_COUNT = -2;

  private final ProgramBuilder b;
  private final OptionalLong limit;
  private final Operand.Slot counter;
  private final Operand.Immediate amount;
  private final Operand.Slot result;
  private final Operand.Slot taken;

  /** In a relay, 1 where what it copies is output. */
  private final Operand.Slot counts;

  OutputLimit(LaunchContext context) {
    b = context.b;
    limit = context.policy.limits().output();
    counter = b.slot();
    amount = b.zeroes(8);
    result = b.slot();
    taken = b.slot();
    counts = b.slot();
  }

  boolean isSet() {
    return limit.isPresent();
  }

  /** In the keeper: makes the counter. */
  void prepare() {
    if (isSet()) {
      long bytes = limit.getAsLong();
      String meaning = "limit output to " + bytes + " bytes";
      b.call(meaning, Syscall.EVENTFD2, n(0), n(Linux.O_CLOEXEC | Linux.O_NONBLOCK)).into(counter);
      b.call(meaning, Syscall.WRITE, counter, b.words(HIGHEST_COUNT - bytes), n(8));
    }
  }

  /** In a relay of output, before it lets go of other descriptors. */
  void watch() {
    if (isSet()) {
      b.set(counts, n(1));
      b.call(Syscall.DUP3, counter, n(COUNTER), n(0));
    }
  }

  /**
   * In a relay: takes as much of {@code wanted} as the limit leaves, and ends it where that is
   * nothing.
   *
   * @return what it may write; {@code wanted} itself where nothing is limited
   */
  Operand.Slot take(Operand.Slot wanted) {
    if (!isSet()) {
      return wanted;
    }
    Label again = b.label();
    Label done = b.label();
    b.set(taken, wanted);
    b.jumpIfEqual(counts, n(0), done);
    b.place(again);
    b.store(8, amount, 0, taken);
    b.call(Syscall.WRITE, n(COUNTER), amount, n(8)).again().into(result).tolerate(Errno.EAGAIN);
    b.jumpIfEqual(result, n(8), done);
    b.arithmetic(Operation.DIVIDE, taken, taken, n(2));
    b.jumpIfNotEqual(taken, n(0), again);
    b.call(Syscall.EXIT_GROUP, n(REACHED));
    b.place(done);
    return taken;
  }
}
