package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/**
 * How the first process and the payload's take turns. The payload's is forked before the view is
 * built, so that it makes the network meanwhile; nothing untrusted runs in it before the release.
 */
final class Handshake {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot turnRead;
  private final Operand.Slot turnWrite;
  private final Operand.Slot networkRead;
  private final Operand.Slot networkWrite;

  /** The payload's process, in the first one. */
  final Operand.Slot payload;

  Handshake(LaunchContext context) {
    c = context;
    b = context.b;
    turnRead = b.slot();
    turnWrite = b.slot();
    networkRead = b.slot();
    networkWrite = b.slot();
    payload = b.slot();
  }

  /** In the first process: forks the payload's, which goes on at {@code start}. */
  void fork(Label start) {
    c.pipe("make the release pipe", turnRead, turnWrite);
    c.pipe("make a pipe to the payload's process", networkRead, networkWrite);
    if (c.payloadIsInit()) {
      // /proc, which is mounted later, shows that namespace too
      b.call("create the payload's pid namespace", Syscall.UNSHARE, n(Linux.CLONE_NEWPID));
    }
    c.fork("start the payload's process", 0, payload, start);
    // else the end of that process would not end the pipe
    b.call(Syscall.CLOSE, networkWrite);
  }

  /**
   * In the first process, where there is a terminal: only what is forked after the session has its
   * controlling terminal has it too, so another process takes the place of the payload's.
   */
  void forkForTerminal(Label start) {
    Label done = b.label();
    b.jumpIfEqual(c.terminal, n(-1), done);
    String meaning = "start the payload's process in the terminal's session";
    b.call(meaning, Syscall.KILL, payload, n(Linux.SIGKILL));
    b.call(meaning, Syscall.WAIT4, payload, n(0), n(0), n(0)).again();
    c.fork(meaning, 0, payload, start);
    b.place(done);
  }

  /** In the payload's process: the network is made. */
  void networkReady() {
    b.call("show the network", Syscall.WRITE, networkWrite, b.text("x"), n(1)).again();
  }

  /** In the first process: waits for the network. */
  void awaitNetwork() {
    await("wait for the network", networkRead);
  }

  /** In the first process: the view is built, and whether sockets of the host are in it. */
  void viewReady() {
    b.store(8, c.buffer, 0, c.socketsReachable);
    b.call("show the view", Syscall.WRITE, turnWrite, c.buffer, n(1)).again();
  }

  /** In the payload's process: waits for the view and enters it. */
  void awaitView() {
    await("wait for the view", turnRead);
    b.load(1, c.socketsReachable, c.buffer, 0);
    b.call("enter the view", Syscall.CHDIR, b.text("/"));
  }

  /** In the first process, before it is sealed: the end to release by becomes {@code number}. */
  void holdAs(int number) {
    b.call("keep the release pipe", Syscall.DUP3, turnWrite, n(number), n(0));
    b.set(turnWrite, n(number));
  }

  /** In the first process, once it is sealed: lets the payload go on. */
  void release() {
    b.call("release the payload", Syscall.WRITE, turnWrite, b.text("x"), n(1)).again();
  }

  /** In the payload's process: waits until the first process is sealed. */
  void awaitRelease() {
    await("wait for the release", turnRead);
  }

  private void await(String meaning, Operand pipe) {
    Label go = b.label();
    b.call(meaning, Syscall.READ, pipe, c.buffer, n(1)).again().into(c.scratch);
    b.jumpIfEqual(c.scratch, n(1), go);
    b.call(Syscall.EXIT_GROUP, n(125));
    b.place(go);
  }
}
