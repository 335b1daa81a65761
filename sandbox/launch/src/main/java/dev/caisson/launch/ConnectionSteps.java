package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Network;

/**
 * How a private network is connected: the keeper starts pasta(1) outside the sandbox once the first
 * process shows that its network is made and filtered, and lets that process go on once pasta is
 * ready. pasta ends with the keeper, whatever ends that, and carries on nothing of it: no
 * descriptor, variable, signal mask or terminal.
 */
final class ConnectionSteps {
  private static final String MEANING =
      "connect the sandbox's network: pasta ended, and what it said stands above. It needs"
          + " /dev/net/tun open to everyone (as root: chmod 666 /dev/net/tun), a way out of this"
          + " host, and published ports that are free and not below 1024";

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot madeRead;
  private final Operand.Slot madeWrite;
  private final Operand.Slot goRead;
  private final Operand.Slot goWrite;
  private final Operand.Slot readyRead;
  private final Operand.Slot readyWrite;
  private final Operand.Slot saidRead;
  private final Operand.Slot saidWrite;
  private final Operand.Slot keeper;
  private final Operand.Slot count;
  private final Label start;
  private final PastaSteps pastaSteps;

  /** pasta's process; 0 before it was started and after it ended. */
  private final Operand.Slot pasta;

  /** 1 once pasta was started. */
  private final Operand.Slot started;

  /** 1 once pasta was ready. */
  private final Operand.Slot connected;

  ConnectionSteps(LaunchContext context) {
    c = context;
    b = context.b;
    madeRead = b.slot();
    madeWrite = b.slot();
    goRead = b.slot();
    goWrite = b.slot();
    readyRead = b.slot();
    readyWrite = b.slot();
    saidRead = b.slot();
    saidWrite = b.slot();
    keeper = b.slot();
    count = b.slot();
    pasta = b.slot();
    started = b.slot();
    connected = b.slot();
    start = b.label();
    pastaSteps = new PastaSteps(context);
  }

  /** Whether this launch connects a network; all other steps are for those alone. */
  boolean wanted() {
    return c.policy.network() instanceof Network.Private;
  }

  /** In the keeper: makes the pipes by which it and the first process take turns. */
  void openChannels() {
    if (wanted()) {
      c.pipe("make a pipe for the network's turn", madeRead, madeWrite);
      c.pipe("make a pipe for the network's turn", goRead, goWrite);
    }
  }

  /** In the keeper, once the first process is there: what to wait for. */
  Operand.Slot watched() {
    b.call(Syscall.CLOSE, madeWrite);
    b.call(Syscall.CLOSE, goRead);
    return madeRead;
  }

  /** In the first process, in its network: waits until it is connected. */
  void await() {
    if (!wanted()) {
      return;
    }
    Label go = b.label();
    b.call(Syscall.CLOSE, madeRead);
    b.call(Syscall.CLOSE, goWrite);
    b.call("show the network to the keeper", Syscall.WRITE, madeWrite, b.text("x"), n(1)).again();
    b.call("wait for the connection", Syscall.READ, goRead, c.buffer, n(1)).again().into(count);
    b.jumpIfEqual(count, n(1), go);
    b.call(Syscall.EXIT_GROUP, n(125));
    b.place(go);
    b.call(Syscall.CLOSE, madeWrite);
    b.call(Syscall.CLOSE, goRead);
  }

  /** In the keeper, when what is watched is ready: the next step of the connection. */
  void proceed(PollSet polls) {
    Label ready = b.label();
    Label refused = b.label();
    Label done = b.label();
    polls.unwatch(PollSet.Entry.CONNECTION);
    b.jumpIfNotEqual(started, n(0), ready);
    b.call("look for the network", Syscall.READ, madeRead, c.buffer, n(1)).again().into(count);
    b.call(Syscall.CLOSE, madeRead);
    // the first process ended instead, and its status says why
    b.jumpIfEqual(count, n(0), done);
    startPasta();
    polls.watch(PollSet.Entry.CONNECTION, readyRead);
    b.jump(done);
    b.place(ready);
    b.call("wait for pasta", Syscall.READ, readyRead, c.buffer, n(64)).again().into(count);
    b.jumpIfEqual(count, n(0), refused);
    b.call(Syscall.CLOSE, readyRead);
    b.call(Syscall.CLOSE, saidRead);
    // where the first process has ended, its status says why
    b.call("go on with the network connected", Syscall.WRITE, goWrite, b.text("x"), n(1))
        .again()
        .tolerate(Errno.EPIPE);
    b.call(Syscall.CLOSE, goWrite);
    b.set(connected, n(1));
    b.jump(done);
    b.place(refused);
    repeatWhatItSaid();
    b.fail(MEANING);
    b.place(done);
  }

  private void startPasta() {
    b.call(Syscall.GETPID).into(keeper);
    c.pipe("make a pipe to pasta", readyRead, readyWrite);
    c.pipe("make a pipe to pasta", saidRead, saidWrite);
    c.fork("start pasta", 0, pasta, start);
    b.set(started, n(1));
    b.call(Syscall.CLOSE, readyWrite);
    b.call(Syscall.CLOSE, saidWrite);
  }

  private void repeatWhatItSaid() {
    Label next = b.label();
    Label told = b.label();
    b.place(next);
    b.call(Syscall.READ, saidRead, c.buffer, n(4096)).again().into(count).otherwise(told);
    b.jumpIfEqual(count, n(0), told);
    b.call(Syscall.WRITE, n(2), c.buffer, count).again().tolerateAll();
    b.jump(next);
    b.place(told);
  }

  /** In the keeper, where the process {@code pid} was waited for: goes on unless it is pasta. */
  void ended(Operand pid, Label next) {
    if (!wanted()) {
      return;
    }
    Label other = b.label();
    String message = "caisson: pasta ended: the sandbox has no connection any more.\n";
    b.jumpIfNotEqual(pid, pasta, other);
    b.set(pasta, n(0));
    // before that its pipe tells
    b.jumpIfEqual(connected, n(0), next);
    b.call(Syscall.WRITE, n(2), b.text(message), n(message.length())).again().tolerateAll();
    b.jump(next);
    b.place(other);
  }

  /** In the keeper, at the end: published ports are free again once it is gone. */
  void end() {
    if (!wanted()) {
      return;
    }
    Label gone = b.label();
    b.jumpIfEqual(pasta, n(0), gone);
    // which ends with the keeper in any case
    b.call("end pasta", Syscall.KILL, pasta, n(Linux.SIGKILL)).otherwise(gone);
    b.call(Syscall.WAIT4, pasta, n(0), n(0), n(0)).again().tolerateAll();
    b.place(gone);
  }

  /** The steps of the process that becomes pasta. */
  void emit() {
    if (wanted()) {
      pastaSteps.emit(start, keeper, readyWrite, saidWrite);
    }
  }
}
