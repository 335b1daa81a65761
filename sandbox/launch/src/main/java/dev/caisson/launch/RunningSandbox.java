package dev.caisson.launch;

import dev.caisson.Refusal;
import dev.caisson.launch.SystemCalls.Memory;
import java.time.Duration;
import java.util.Optional;

/** A sandbox that this process started. Closing it ends the sandbox if it still runs. */
public final class RunningSandbox implements AutoCloseable {
  /** A step of the launch failed; nothing is left of the sandbox. */
  public static final class LaunchFailed extends Refusal {
    private LaunchFailed(String meaning, String why, String remedy, int status) {
      super(meaning, why, remedy, status);
    }
  }

  private static final long P_PID = 1;
  private static final long WEXITED = 4;
  private static final long WNOWAIT = 0x0100_0000;

  private final LaunchPlan plan;
  private final int pid;
  private final int report;
  private final Optional<Supervision> supervision;
  private int alive;
  private int status = -1;

  RunningSandbox(
      LaunchPlan plan, int pid, int alive, int report, Optional<SupervisorSocket> socket) {
    this.plan = plan;
    this.pid = pid;
    this.alive = alive;
    this.report = report;
    supervision = socket.map(each -> new Supervision(plan.supervision().orElseThrow(), each));
  }

  /**
   * Has {@code supervisor} answer the calls that wait for one ({@link Notification.Calls}), in this
   * thread; returns when no process of the sandbox is left that could make one.
   *
   * @throws Launcher.StartRefusal where the host does not let this process answer
   */
  public void supervise(CallAnswer.Supervisor supervisor) {
    supervision.orElseThrow().serve(report, supervisor);
  }

  /**
   * Answers every call as the policy's filter decides ({@link Notification.EveryCall}), after
   * {@code observer} was told; returns when no process of the sandbox is left that could make one.
   *
   * @throws Launcher.StartRefusal where the host does not let this process answer
   */
  public void observe(CallAnswer.Observer observer) {
    supervision.orElseThrow().observe(report, observer);
  }

  /** The keeper's process id. */
  public int pid() {
    return pid;
  }

  /** Sends a signal, if the sandbox has not ended, which the keeper forwards to the payload. */
  public synchronized void signal(int number) {
    if (status < 0) {
      SystemCalls.call(Syscall.KILL, pid, number);
    }
  }

  /**
   * Waits for the sandbox to end.
   *
   * @return the payload's exit status; 128 + n where signal n ended it
   * @throws LaunchFailed if the payload never ran
   */
  public int waitFor() {
    try (Memory message = SystemCalls.allocate(16)) {
      long count = again(Syscall.READ, report, message.address(), 16);
      int ended = awaitExit();
      if (count == 16) {
        throw failure((int) message.getLong(0), (int) message.getLong(8), ended);
      }
      return ended;
    }
  }

  /**
   * Asks the payload to end by its policy's signal ({@code process.stopSignal}), continues it where
   * it is stopped, so that it can, and ends the whole sandbox if it is there after {@code grace}.
   *
   * @return the status, as {@link #waitFor} gives it
   */
  public int stop(Duration grace) {
    signal(plan.stop().signal().number());
    signal(Linux.SIGCONT);
    awaitEnd(grace);
    close();
    return reap();
  }

  private void awaitEnd(Duration time) {
    long keeper = handle();
    if (keeper < 0) {
      return;
    }
    try (Memory poll = SystemCalls.allocate(8);
        Memory left = SystemCalls.allocate(16)) {
      poll.putInt(0, (int) keeper);
      poll.putInt(4, Linux.POLLIN);
      left.putLong(0, time.getSeconds());
      left.putLong(8, time.getNano());
      // the kernel counts what is left down
      again(Syscall.PPOLL, poll.address(), 1, left.address(), 0, 8);
    } finally {
      Executable.close((int) keeper);
    }
  }

  /** A pidfd of the keeper, negative once it was waited for. */
  private synchronized long handle() {
    return status < 0 ? SystemCalls.call(Syscall.PIDFD_OPEN, pid, 0) : -1;
  }

  private int awaitExit() {
    // waits without reaping, so that a signal sent meanwhile cannot reach another process
    again(Syscall.WAITID, P_PID, pid, 0, WEXITED | WNOWAIT, 0);
    return reap();
  }

  private synchronized int reap() {
    if (status < 0) {
      try (Memory word = SystemCalls.allocate(8)) {
        long result = again(Syscall.WAIT4, pid, word.address(), 0, 0);
        if (result != pid) {
          throw new Launcher.StartRefusal("wait for the sandbox", result, "");
        }
        int raw = word.getInt(0);
        status = (raw & 127) != 0 ? 128 + (raw & 127) : (raw >> 8) & 255;
      }
      release();
    }
    return status;
  }

  private LaunchFailed failure(int step, int errno, int ended) {
    String meaning = plan.program().meaningOf(step);
    String why =
        Errno.of(errno)
            .map(each -> each.name() + " (" + each.meaning() + ")")
            .orElse("it is refused");
    String remedy =
        plan.advice().stream()
            .filter(each -> each.step() == step && each.errno().number() == errno)
            .map(ProgramBuilder.Advice::text)
            .findFirst()
            .orElse("");
    return new LaunchFailed(meaning, why, remedy, ended);
  }

  static long again(Syscall call, long... arguments) {
    long result = SystemCalls.call(call, arguments);
    while (result == -Errno.EINTR.number()) {
      result = SystemCalls.call(call, arguments);
    }
    return result;
  }

  private void release() {
    if (alive >= 0) {
      Executable.close(alive);
      alive = -1;
    }
    Executable.close(report);
    supervision.ifPresent(Supervision::close);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (status >= 0) {
        return;
      }
      // the keeper sees the end of this pipe and kills the sandbox
      Executable.close(alive);
      alive = -1;
    }
    awaitExit();
  }
}
