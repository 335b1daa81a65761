package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/**
 * The sandbox's terminal. The caller's own is never passed on (TIOCSTI, CVE-2017-5226): whatever of
 * the three streams is a terminal becomes one new pty of the sandbox's devpts.
 *
 * <p>Where standard output is the terminal, the caller's is put in raw mode and the new one does
 * the line editing. Else the caller's keeps its mode, for another program of the pipeline may use
 * it (as in {@code caisson wrap ls | less}), and the new one neither echoes nor edits.
 */
final class TerminalSteps {
  private static final int TERMIOS = 36;
  private static final int IFLAG = 0;
  private static final int OFLAG = 4;
  private static final int CFLAG = 8;
  private static final int LFLAG = 12;
  private static final int VTIME = 17 + 5;
  private static final int VMIN = 17 + 6;

  /** IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON. */
  private static final long RAW_IFLAG = ~0x5ebL;

  private static final long NO_OPOST = ~1L;

  /** CSIZE PARENB. */
  private static final long RAW_CFLAG = ~0x130L;

  private static final long CS8 = 0x30;

  /** ECHO ECHONL ICANON ISIG IEXTEN. */
  private static final long RAW_LFLAG = ~0x804bL;

  /** ECHO and ECHONL: the caller's terminal echoes already. */
  private static final long NO_ECHO = ~0x48L;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Immediate probe;
  private final Operand.Immediate saved;
  private final Operand.Immediate raw;
  private final Operand.Immediate inner;
  private final Operand.Immediate size;
  private final Operand.Immediate message;
  private final Operand.Immediate control;
  private final Operand.Immediate word;

  /** 1 where standard output is the terminal, so that it is put in raw mode. */
  final Operand.Slot wantsRaw;

  /** 1 while the caller's terminal is in raw mode. */
  private final Operand.Slot isRaw;

  /** The master of the sandbox's terminal, in the keeper; 0 before it arrived. */
  final Operand.Slot master;

  private final Operand.Slot value;

  TerminalSteps(LaunchContext context) {
    c = context;
    b = context.b;
    probe = b.zeroes(64);
    saved = b.zeroes(64);
    raw = b.zeroes(64);
    inner = b.zeroes(64);
    size = b.zeroes(8);
    control = b.zeroes(32);
    word = b.zeroes(16);
    Operand.Immediate vector = b.words(word.value(), 1);
    message = b.words(0, 0, vector.value(), 1, control.value(), 24, 0);
    wantsRaw = b.slot();
    isRaw = b.slot();
    master = b.slot();
    value = b.slot();
  }

  /**
   * Goes to {@code otherwise} where {@code fd} is no terminal; else remembers it, or has it relayed
   * as a pipe is where the policy wants no terminal.
   */
  void ifTerminal(int fd, Label otherwise) {
    b.call(Syscall.IOCTL, n(fd), n(Linux.TCGETS), probe).otherwise(otherwise);
    if (!c.policy.process().tty()) {
      b.set(c.stream[fd], Stream.RELAYED);
      return;
    }
    b.set(c.stream[fd], Stream.TERMINAL);
    Label known = b.label();
    b.jumpIfNotEqual(c.terminal, n(-1), known);
    b.set(c.terminal, n(fd));
    b.place(known);
  }

  /** Saves the terminal's settings and makes the socket that the master will come through. */
  void prepare() {
    Label done = b.label();
    b.set(c.controlKeeper, n(-1));
    b.jumpIfEqual(c.terminal, n(-1), done);
    b.call("read the terminal's settings", Syscall.IOCTL, c.terminal, n(Linux.TCGETS), saved);
    b.call(Syscall.IOCTL, c.terminal, n(Linux.TIOCGWINSZ), size).tolerateAll();
    for (int offset = 0; offset < TERMIOS; offset += 4) {
      b.load(4, value, saved, offset);
      b.store(4, raw, offset, value);
      b.store(4, inner, offset, value);
    }
    change(raw, IFLAG, RAW_IFLAG, 0);
    change(raw, OFLAG, NO_OPOST, 0);
    change(raw, CFLAG, RAW_CFLAG, CS8);
    change(raw, LFLAG, RAW_LFLAG, 0);
    b.store(1, raw, VTIME, n(0));
    b.store(1, raw, VMIN, n(1));
    Label rawMode = b.label();
    Label modeKnown = b.label();
    b.jumpIfEqual(c.stream[1], Stream.TERMINAL, rawMode);
    change(inner, OFLAG, NO_OPOST, 0);
    change(inner, LFLAG, NO_ECHO, 0);
    b.jump(modeKnown);
    b.place(rawMode);
    b.set(wantsRaw, n(1));
    b.place(modeKnown);
    b.call("make a socket for the terminal", Syscall.SOCKETPAIR, n(1), n(0x80005), n(0), c.buffer);
    b.load(4, c.controlKeeper, c.buffer, 0);
    b.load(4, c.controlInit, c.buffer, 4);
    b.place(done);
  }

  private void change(Operand.Immediate settings, int offset, long mask, long set) {
    b.load(4, value, settings, offset);
    b.arithmetic(Operation.AND, value, value, n(mask));
    b.arithmetic(Operation.OR, value, value, n(set));
    b.store(4, settings, offset, value);
  }

  /**
   * In the first process, which leads the session, once the view is there: opens a new pty, the
   * session's controlling terminal. So the payload's group has its parent in the same session, and
   * can be suspended.
   */
  void openInside() {
    Label done = b.label();
    Operand.Slot pty = b.slot();
    Operand.Slot peer = b.slot();
    String meaning = "open a terminal for the sandbox";
    b.jumpIfEqual(c.terminal, n(-1), done);
    b.call(
            meaning,
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text("/dev/pts/ptmx"),
            n(Linux.O_RDWR | Linux.O_NOCTTY | Linux.O_CLOEXEC))
        .into(pty)
        .advise(Errno.ENOSPC, "The host's limit of ptys is used up (sysctl kernel.pty.max)");
    b.call(meaning, Syscall.IOCTL, pty, n(Linux.TIOCSPTLCK), b.words(0));
    b.call(
            meaning,
            Syscall.IOCTL,
            pty,
            n(Linux.TIOCGPTPEER),
            n(Linux.O_RDWR | Linux.O_NOCTTY | Linux.O_CLOEXEC))
        .into(peer);
    b.call(meaning, Syscall.IOCTL, peer, n(Linux.TCSETS), inner);
    if (c.payloadChangesIds()) {
      b.call(meaning, Syscall.FCHOWN, peer, n(c.payloadUid()), n(-1));
    }
    b.call(meaning, Syscall.IOCTL, pty, n(Linux.TIOCSWINSZ), size);
    b.call("take control of the terminal", Syscall.IOCTL, peer, n(Linux.TIOCSCTTY), n(0));
    // a control message that carries one descriptor: length 20, SOL_SOCKET, SCM_RIGHTS
    b.store(8, control, 0, n(20));
    b.store(4, control, 8, n(1));
    b.store(4, control, 12, n(1));
    b.store(4, control, 16, pty);
    b.call(meaning, Syscall.SENDMSG, c.controlInit, message, n(0));
    b.call(Syscall.CLOSE, pty);
    b.place(done);
  }

  /**
   * In the payload's process, in its view: leads the terminal's foreground, or without a terminal a
   * session of its own. A payload that is process 1 leads a session, with its terminal: only its
   * own children are below it.
   */
  void enterForeground() {
    Label none = b.label();
    Label done = b.label();
    Operand.Slot peer = b.slot();
    String meaning = "lead the terminal's foreground";
    if (c.payloadIsInit()) {
      b.call("start the payload's session", Syscall.SETSID);
      openInside();
      b.jumpIfEqual(c.terminal, n(-1), done);
    } else {
      b.jumpIfEqual(c.terminal, n(-1), none);
      b.call(meaning, Syscall.SETPGID, n(0), n(0));
    }
    b.call(
            "open the sandbox's terminal",
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text("/dev/pts/0"),
            n(Linux.O_RDWR | Linux.O_NOCTTY | Linux.O_CLOEXEC))
        .into(peer);
    for (int fd = 0; fd < 3; fd++) {
      Label next = b.label();
      b.jumpIfNotEqual(c.stream[fd], Stream.TERMINAL, next);
      b.set(c.payloadEnd[fd], peer);
      b.place(next);
    }
    if (!c.payloadIsInit()) {
      b.call(Syscall.GETPID).into(value);
      b.store(4, word, 0, value);
      // SIGTTOU is blocked
      b.call(meaning, Syscall.IOCTL, peer, n(Linux.TIOCSPGRP), word);
      b.jump(done);
      b.place(none);
      b.call("start the payload's session", Syscall.SETSID);
    }
    b.place(done);
  }

  /** In the keeper: takes the master in. */
  void receive() {
    b.store(8, control, 0, n(0));
    b.call(
            "receive the sandbox's terminal",
            Syscall.RECVMSG,
            c.controlKeeper,
            message,
            n(0x40000000))
        .again()
        .into(value);
    Label done = b.label();
    b.jumpIfEqual(value, n(0), done);
    b.load(4, master, control, 16);
    b.place(done);
  }

  /** Raw mode, if it is wanted and this process is in the terminal's foreground. */
  void makeRaw() {
    Label done = b.label();
    b.jumpIfEqual(wantsRaw, n(0), done);
    b.jumpIfEqual(master, n(0), done);
    ifForeground(done);
    b.call(Syscall.IOCTL, c.terminal, n(Linux.TCSETS), raw).otherwise(done);
    b.set(isRaw, n(1));
    b.place(done);
  }

  /** Gives the caller's terminal its settings back, if this process changed them. */
  void restore() {
    Label done = b.label();
    b.jumpIfEqual(isRaw, n(0), done);
    b.call(Syscall.IOCTL, c.terminal, n(Linux.TCSETS), saved).tolerateAll();
    b.set(isRaw, n(0));
    b.place(done);
  }

  /** The same in a relay that outlived the keeper; {@code fd} is the caller's terminal. */
  void restoreAbandoned(Operand fd) {
    Label done = b.label();
    b.jumpIfEqual(wantsRaw, n(0), done);
    b.call(Syscall.IOCTL, fd, n(Linux.TCSETS), saved).tolerateAll();
    b.place(done);
  }

  /** Tells the sandbox's terminal the new size of the caller's. */
  void resize() {
    Label done = b.label();
    b.jumpIfEqual(master, n(0), done);
    b.call(Syscall.IOCTL, c.terminal, n(Linux.TIOCGWINSZ), size).otherwise(done);
    b.call(Syscall.IOCTL, master, n(Linux.TIOCSWINSZ), size).tolerateAll();
    b.place(done);
  }

  private void ifForeground(Label otherwise) {
    b.call(Syscall.IOCTL, c.terminal, n(Linux.TIOCGPGRP), word).otherwise(otherwise);
    b.load(4, value, word, 0);
    b.call(Syscall.GETPGID, n(0)).into(c.scratch).otherwise(otherwise);
    b.jumpIfNotEqual(value, c.scratch, otherwise);
  }
}
