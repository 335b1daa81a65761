package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.SockFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How the payload's calls come to wait for a supervisor. The payload loads the filter, and says so
 * by one write that the filter lets through: with those very arguments it goes to a descriptor that
 * is closed on exec. The supervisor then takes the listener out of the payload, which waits until
 * it has (pidfd_getfd(2)).
 */
final class NotificationSteps {
  /** Not to be asked about: in these a thread ends itself, or goes on after a signal. */
  static final List<Syscall> UNASKED =
      List.of(Syscall.EXIT, Syscall.EXIT_GROUP, Syscall.RT_SIGRETURN, Syscall.RESTART_SYSCALL);

  /** What is written: whether sockets of the host are reachable, then the listener's number. */
  static final int READY_BYTES = 8;

  private static final int LOAD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_SET = 0x45;
  private static final int RETURN = 0x06;
  private static final int NOTIFY = 0x7fc00000;
  private static final int ALLOW = 0x7fff0000;
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int ARGUMENTS = 16;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Notification notification;
  private final Operand.Immediate ready;
  private final Operand.Slot listener;

  NotificationSteps(LaunchContext context, Notification notification) {
    c = context;
    b = context.b;
    this.notification = notification;
    ready = b.zeroes(READY_BYTES);
    listener = b.slot();
  }

  /** Loads the filter, before the policy's own, so that loading that is no call to be asked of. */
  void load(Filters filters) {
    // a change of ids may have taken it away; what is untrusted has not begun
    b.call("open the payload to its supervisor", Syscall.PRCTL, n(Linux.PR_SET_DUMPABLE), n(1));
    b.store(4, ready, 0, c.socketsReachable);
    filters.load("load the filter that asks the supervisor", filter(), flags()).into(listener);
    b.store(4, ready, 4, listener);
  }

  /** Since Linux 5.19 a signal does not interrupt a call that the supervisor looks at already. */
  private long flags() {
    return c.request.host().kernel().atLeast(5, 19)
        ? Linux.SECCOMP_FILTER_FLAG_NEW_LISTENER | Linux.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
        : Linux.SECCOMP_FILTER_FLAG_NEW_LISTENER;
  }

  void handOver() {
    Operand socket = n(KeeperSteps.SUPERVISOR);
    b.call("tell the supervisor", Syscall.WRITE, socket, ready, n(READY_BYTES)).again();
    if (asksOfEvery()) {
      return;
    }
    Label taken = b.label();
    b.call("wait for the supervisor", Syscall.READ, socket, ready, n(1)).again().into(listener);
    b.jumpIfEqual(listener, n(1), taken);
    b.call(Syscall.EXIT_GROUP, n(125));
    b.place(taken);
  }

  /** Then the payload's next call waits without being told to, and so does loading a filter. */
  boolean asksOfEvery() {
    return notification instanceof Notification.EveryCall;
  }

  BpfProgram filter() {
    return notification instanceof Notification.Calls calls ? asking(calls) : askingOfEvery();
  }

  private BpfProgram asking(Notification.Calls calls) {
    List<SockFilter> filter = new ArrayList<>();
    filter.add(load(ARCHITECTURE));
    // what the policy's filter does with other ABIs is not touched
    filter.add(new SockFilter(JUMP_EQUAL, 1, 0, b.architecture().auditArch()));
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    filter.add(load(NUMBER));
    for (int number : new TreeSet<>(calls.numbers())) {
      filter.add(new SockFilter(JUMP_EQUAL, 0, 1, number));
      filter.add(new SockFilter(RETURN, 0, 0, NOTIFY));
    }
    for (Notification.Flagged call : calls.flagged()) {
      filter.add(new SockFilter(JUMP_EQUAL, 0, 4, call.number()));
      filter.add(load(argument(call.argument())));
      filter.add(new SockFilter(JUMP_SET, 0, 1, call.flags()));
      filter.add(new SockFilter(RETURN, 0, 0, NOTIFY));
      filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    }
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    return new BpfProgram(filter);
  }

  private BpfProgram askingOfEvery() {
    int[][] written = {
      {argument(0), KeeperSteps.SUPERVISOR},
      {argument(1), (int) ready.value()},
      {argument(1) + 4, (int) (ready.value() >>> 32)},
      {argument(2), READY_BYTES},
      {argument(2) + 4, 0},
    };
    int notify = 4 + UNASKED.size() + 2 * written.length;
    List<SockFilter> filter = new ArrayList<>();
    filter.add(load(ARCHITECTURE));
    filter.add(orNotify(filter, notify, b.architecture().auditArch()));
    filter.add(load(NUMBER));
    for (Syscall call : UNASKED) {
      int allow = notify + 1 - filter.size() - 1;
      filter.add(new SockFilter(JUMP_EQUAL, allow, 0, call.number(b.architecture())));
    }
    filter.add(orNotify(filter, notify, Syscall.WRITE.number(b.architecture())));
    for (int i = 0; i < written.length; i++) {
      filter.add(load(written[i][0]));
      boolean last = i == written.length - 1;
      filter.add(
          new SockFilter(
              JUMP_EQUAL, last ? 1 : 0, last ? 0 : notify - filter.size() - 1, written[i][1]));
    }
    filter.add(new SockFilter(RETURN, 0, 0, NOTIFY));
    filter.add(new SockFilter(RETURN, 0, 0, ALLOW));
    return new BpfProgram(filter);
  }

  private static SockFilter load(int offset) {
    return new SockFilter(LOAD, 0, 0, offset);
  }

  private static SockFilter orNotify(List<SockFilter> filter, int notify, int value) {
    return new SockFilter(JUMP_EQUAL, 0, notify - filter.size() - 1, value);
  }

  private static int argument(int index) {
    return ARGUMENTS + 8 * index;
  }
}
