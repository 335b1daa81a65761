package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.ProgramBuilder.Label;

/** How the keeper leaves once the sandbox is gone: it tidies up, tells, and takes its status. */
final class LeavingSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final ChildrenSteps children;
  private final ConnectionSteps connection;
  private final TerminalSteps terminal;
  private final ControlGroupSteps groups;
  private final UpperDirectory upper;
  private final AppearanceSteps appearances;
  private final EndingSteps ending;
  private final PayloadStatus status;
  private final ResultSteps result;
  private final Operand.Slot value;

  LeavingSteps(
      LaunchContext context,
      ChildrenSteps children,
      ConnectionSteps connection,
      TerminalSteps terminal,
      ControlGroupSteps groups,
      UpperDirectory upper,
      EndingSteps ending,
      PayloadStatus status,
      ResultSteps result) {
    c = context;
    b = context.b;
    this.children = children;
    this.connection = connection;
    this.terminal = terminal;
    this.groups = groups;
    this.upper = upper;
    this.ending = ending;
    this.status = status;
    this.result = result;
    appearances = new AppearanceSteps(context);
    value = b.slot();
  }

  void emit(Label failed) {
    children.endReaders();
    connection.end();
    terminal.restore();
    groups.report();
    groups.remove();
    upper.remove();
    appearances.report();
    children.reportRelayFailures(failed);
    ending.look(status);
    byMemory();
    ending.say();
    ending.exitStatus(children.initStatus);
    b.onFailure(failed);
    result.write(children.initStatus, status, ending, groups.counted);
    interrupt();
    b.call(Syscall.EXIT_GROUP, children.initStatus);
  }

  /**
   * Where ^C ended the payload it ends this process too: a shell tells by the signal that its loop
   * is to stop, and says status 130 in either case.
   */
  private void interrupt() {
    if (c.request.mode() == Mode.SPAWNED) {
      return;
    }
    Label other = b.label();
    b.jumpIfNotEqual(children.initStatus, n(128 + Linux.SIGINT), other);
    b.call(
            Syscall.RT_SIGPROCMASK,
            n(Linux.SIG_UNBLOCK),
            b.words(1L << (Linux.SIGINT - 1)),
            n(0),
            n(8))
        .tolerateAll();
    b.call(Syscall.GETPID).into(value);
    b.call(Syscall.KILL, value, n(Linux.SIGINT)).tolerateAll();
    b.place(other);
  }

  /** A sandbox that was killed when the kernel had ended processes of it for their memory. */
  private void byMemory() {
    Label other = b.label();
    Label killed = b.label();
    b.jumpIfEqual(groups.counted.memoryKills, n(0), other);
    b.jumpIfEqual(children.initStatus, n(Linux.SIGKILL), killed);
    b.jumpIfNotEqual(children.initStatus, n((128 + Linux.SIGKILL) * 256), other);
    b.place(killed);
    ending.by(EndCause.MEMORY);
    b.place(other);
  }
}
