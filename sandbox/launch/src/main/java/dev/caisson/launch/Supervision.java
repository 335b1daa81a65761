package dev.caisson.launch;

import dev.caisson.launch.CallAnswer.Observer;
import dev.caisson.launch.CallAnswer.Start;
import dev.caisson.launch.CallAnswer.Supervisor;
import dev.caisson.launch.SystemCalls.Memory;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.SeccompAction;
import java.util.Optional;

/** Answers the calls of one sandbox that wait for this process, until the sandbox ends. */
final class Supervision implements AutoCloseable {
  /** Entries of the poll set; each has 8 bytes {fd, events, revents}. */
  private static final int ENTRY = 8;

  private final LaunchPlan.Supervision plan;
  private final SupervisorSocket socket;

  Supervision(LaunchPlan.Supervision plan, SupervisorSocket socket) {
    this.plan = plan;
    this.socket = socket;
  }

  /**
   * Has {@code supervisor} answer.
   *
   * @param report becomes readable where the launch failed
   */
  void serve(int report, Supervisor supervisor) {
    if (plan.notification() instanceof Notification.EveryCall) {
      throw new IllegalStateException(
          "where every call is asked about, the policy's filter decides");
    }
    answer(
        report,
        ready -> {
          BpfProgram filter = filter(ready);
          supervisor.begin(new Start(ready.process(), call -> decide(filter, call)));
          return supervisor;
        });
  }

  /** Answers as the policy's filter decides, and tells {@code observer} first. */
  void observe(int report, Observer observer) {
    if (!(plan.notification() instanceof Notification.EveryCall)) {
      throw new IllegalStateException("only some calls are asked about");
    }
    answer(
        report,
        ready -> {
          BpfProgram filter = filter(ready);
          return call -> {
            CallAnswer answer = CallAnswer.of(decide(filter, call));
            observer.seen(call, answer);
            return answer;
          };
        });
  }

  /** The policy's filter, as the payload has it. */
  private BpfProgram filter(SupervisorSocket.Ready ready) {
    return ready.socketsReachable() ? plan.withoutSockets() : plan.filter();
  }

  /** Whom to ask, once it is known what the payload was started with. */
  private interface Beginning {
    Supervisor supervisor(SupervisorSocket.Ready ready);
  }

  private void answer(int report, Beginning beginning) {
    if (!awaitEither(socket.descriptor(), report)) {
      return;
    }
    Optional<SupervisorSocket.Ready> ready = socket.receive();
    if (ready.isEmpty()) {
      return;
    }
    try (NotificationListener listener = take(ready.get())) {
      Supervisor supervisor = beginning.supervisor(ready.get());
      socket.acknowledge();
      while (awaitCall(listener.descriptor())) {
        Optional<NotifiedCall> call = listener.receive();
        if (call.isPresent()) {
          listener.answer(call.get(), supervisor.answer(call.get()));
        }
      }
    }
  }

  /** What the kernel would do under {@code filter}: it looks at the same numbers. */
  static SeccompAction decide(BpfProgram filter, NotifiedCall call) {
    long[] arguments = new long[6];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = call.argument(i);
    }
    return BpfSimulator.run(filter, call.auditArch(), call.number(), arguments).action();
  }

  private static NotificationListener take(SupervisorSocket.Ready ready) {
    String attempted = "take the listener of the sandbox's calls";
    long process = SystemCalls.call(Syscall.PIDFD_OPEN, ready.process(), 0);
    if (process < 0) {
      throw new Launcher.StartRefusal(attempted, process, "");
    }
    long listener = SystemCalls.call(Syscall.PIDFD_GETFD, process, ready.listener(), 0);
    Executable.close(process);
    if (listener < 0) {
      throw new Launcher.StartRefusal(
          attempted,
          listener,
          "This host lets no process look at another one: an outer container's filter refuses"
              + " pidfd_getfd, or kernel.yama.ptrace_scope is 3");
    }
    return new NotificationListener((int) listener);
  }

  /** Waits for one of two descriptors; true if it is the first. */
  private static boolean awaitEither(int first, int second) {
    try (Memory polls = SystemCalls.allocate(2 * ENTRY)) {
      polls.putInt(0, first);
      polls.putInt(4, Linux.POLLIN);
      polls.putInt(ENTRY, second);
      polls.putInt(ENTRY + 4, Linux.POLLIN);
      poll(polls, 2);
      return polls.getShort(6) != 0;
    }
  }

  /** Waits for a call; false once no process is left that could make one. */
  private static boolean awaitCall(int listener) {
    try (Memory polls = SystemCalls.allocate(ENTRY)) {
      polls.putInt(0, listener);
      polls.putInt(4, Linux.POLLIN);
      poll(polls, 1);
      return (polls.getShort(6) & Linux.POLLIN) != 0;
    }
  }

  private static void poll(Memory polls, int entries) {
    long result;
    do {
      result = SystemCalls.call(Syscall.PPOLL, polls.address(), entries, 0, 0, 0);
    } while (result == -Errno.EINTR.number());
    if (result < 0) {
      throw new Launcher.StartRefusal("wait for the sandbox", result, "");
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
