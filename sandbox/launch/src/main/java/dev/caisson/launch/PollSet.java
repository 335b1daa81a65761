package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/** What the keeper's loop waits for: the descriptors of one ppoll(2). */
final class PollSet {
  /** One descriptor, or none. */
  enum Entry {
    SIGNALS,
    STATUS,
    CONTROL,
    TIMER,
    PARENT,
    PAYLOAD,
    CONNECTION
  }

  /** Of struct pollfd: {fd, events, revents}. */
  private static final int SIZE = 8;

  private static final int EVENTS = 4;
  private static final int REVENTS = 6;

  private final ProgramBuilder b;
  private final Operand.Immediate entries;
  private final Operand.Slot found;

  PollSet(LaunchContext context) {
    b = context.b;
    entries = b.zeroes(Entry.values().length * SIZE);
    found = b.slot();
  }

  private static long at(Entry entry) {
    return (long) entry.ordinal() * SIZE;
  }

  void watch(Entry entry, Operand descriptor) {
    b.store(4, entries, at(entry), descriptor);
    b.store(4, entries, at(entry) + EVENTS, n(Linux.POLLIN));
  }

  /** What was reported of it is dealt with. */
  void unwatch(Entry entry) {
    watch(entry, n(-1));
  }

  void await() {
    b.call("wait", Syscall.PPOLL, entries, n(Entry.values().length), n(0), n(0), n(8))
        .tolerate(Errno.EINTR);
  }

  /** The steps to take where the last wait found something. */
  void whenReady(Entry entry, Runnable steps) {
    Label next = b.label();
    b.load(2, found, entries, at(entry) + REVENTS);
    b.jumpIfEqual(found, n(0), next);
    steps.run();
    b.place(next);
  }

  void jumpIfUnwatched(Entry entry, Label target) {
    b.load(4, found, entries, at(entry));
    b.jumpIfEqual(found, n(0xffff_ffffL), target);
  }
}
